// What every program may read of a system: programs, libraries and settings that hold no secrets.

/** Linux: programs and libraries, also of Nix. */
export const LINUX_PROGRAMS: readonly string[] = [
  "/usr",
  "/bin",
  "/sbin",
  "/lib",
  "/lib32",
  "/lib64",
  "/opt",
  "/nix",
];

/** Linux: names, certificates, time, fonts; and where `/etc/resolv.conf` and NixOS' programs lead. */
export const LINUX_SETTINGS: readonly string[] = [
  "/etc/alternatives",
  "/etc/ca-certificates",
  "/etc/ca-certificates.conf",
  "/etc/crypto-policies",
  "/etc/fonts",
  "/etc/group",
  "/etc/host.conf",
  "/etc/hosts",
  "/etc/ld.so.cache",
  "/etc/ld.so.conf",
  "/etc/ld.so.conf.d",
  "/etc/localtime",
  "/etc/mime.types",
  "/etc/nsswitch.conf",
  "/etc/os-release",
  "/etc/passwd",
  "/etc/pki",
  "/etc/protocols",
  "/etc/resolv.conf",
  "/etc/services",
  "/etc/ssl",
  "/etc/static",
  "/etc/timezone",
  "/run/NetworkManager/resolv.conf",
  "/run/current-system",
  "/run/resolvconf",
  "/run/systemd/resolve",
];

/** macOS: programs, libraries, frameworks, Homebrew, MacPorts and Nix. */
export const MACOS_PROGRAMS: readonly string[] = [
  "/usr",
  "/bin",
  "/sbin",
  "/System",
  "/Library/Apple",
  "/Library/Developer",
  "/Library/Frameworks",
  "/Library/Java",
  "/Applications/Xcode.app",
  "/opt",
  "/nix",
];

/** macOS: names, certificates, time, the loader's cache. */
export const MACOS_SETTINGS: readonly string[] = [
  "/private/etc/hosts",
  "/private/etc/localtime",
  "/private/etc/nsswitch.conf",
  "/private/etc/passwd",
  "/private/etc/protocols",
  "/private/etc/resolv.conf",
  "/private/etc/services",
  "/private/etc/ssl",
  "/private/var/db/dyld",
  "/private/var/db/timezone",
  "/private/var/run/resolv.conf",
  "/private/var/select",
  "/Library/Keychains/System.keychain",
  "/Library/Preferences/com.apple.networkd.plist",
];

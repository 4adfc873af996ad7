// Sizes as people say them.

const UNITS = ["B", "kB", "MB", "GB", "TB"] as const;

/** `812 B`, `1.2 kB`, `3.4 MB`, `5.6 GB`. */
export function formatSize(bytes: number): string {
  const power = bytes < 1000 ? 0 : Math.min(4, Math.floor(Math.log10(bytes) / 3));
  return power === 0 ? `${bytes} B` : `${(bytes / 1000 ** power).toFixed(1)} ${UNITS[power]}`;
}

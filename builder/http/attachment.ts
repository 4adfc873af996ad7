// The header that names a downloaded file.

/** `Content-Disposition` with a file name in both spellings: plain for old clients, exact for all others. */
export function attachment(name: string): string {
  const safe = name.replace(/[/\\:*?"<>|\p{Cc}]/gu, "_");
  const plain = safe.replace(/[^\x20-\x7e]/g, "_");
  const exact = encodeURIComponent(safe).replace(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${exact}`;
}

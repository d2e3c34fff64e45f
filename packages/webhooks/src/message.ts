/** Without dots the signed text `id.timestamp.body` reads one way only; a comma tells of a header that was sent twice. */
export function isMessageId(text: string): boolean {
  return /^[\x21-\x2b\x2d\x2f-\x7e]{1,256}$/.test(text);
}

/** Unix seconds, in digits and nothing else. */
export function isTimestamp(text: string): boolean {
  return /^\d{1,12}$/.test(text);
}

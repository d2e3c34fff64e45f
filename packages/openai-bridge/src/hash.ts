/** A few letters and digits that follow from a text: no secret, only the same on every run and machine (FNV-1a, twice). */
export function hash(text: string, length: number): string {
  let one = 0x81_1c_9d_c5;
  let other = 0x01_00_01_93;
  for (let index = 0; index < text.length; index += 1) {
    one = Math.imul(one ^ text.charCodeAt(index), 0x01_00_01_93);
    other = Math.imul(other ^ text.charCodeAt(index), 0x85_eb_ca_6b);
  }
  const digits = (part: number): string =>
    (part >>> 0)
      .toString(36)
      .padStart(7, '0')
      .slice(-length / 2);
  return digits(one) + digits(other);
}

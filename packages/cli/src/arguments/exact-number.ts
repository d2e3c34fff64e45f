/** Reads `text` as a number only if nothing of it is lost: `undefined` for `007`, `0x10` or more digits than fit. */
export function parseExactNumber(text: string): number | undefined {
  const wanted = normalize(text.trim());
  if (wanted === undefined) return undefined;
  const value = Number(text);
  return Number.isFinite(value) && normalize(String(value)) === wanted ? value : undefined;
}

/** One spelling for each value: digits without zeros at the ends, and the power of ten that they are multiplied by. */
function normalize(text: string): string | undefined {
  const match = /^(-?)(0|[1-9]\d*)(?:\.(\d+))?(?:[eE]([+-]?\d{1,4}))?$/.exec(text);
  if (match === null) return undefined;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0';
  return `${sign}${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`;
}

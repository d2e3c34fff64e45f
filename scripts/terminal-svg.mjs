const cell = { width: 8.4, height: 18 };
const margin = 14;
const colors = ['#3b4252', '#e06c75', '#98c379', '#e5c07b', '#61afef', '#c678dd', '#56b6c2', '#d8dee9'];

/**
 * An animated picture of a terminal: `frames` are `{ at, lines }` in milliseconds, each line a list of
 * `{ text, column, color, bold }`. Repeats after `length`; readers who want no motion see the last frame.
 */
export function terminalSvg(frames, length, { cols, rows }) {
  const [width, height] = [cols * cell.width + 2 * margin, rows * cell.height + 2 * margin].map(Math.round);
  const shown = frames.flatMap((frame, index) => (frames[index + 1]?.at === frame.at ? [] : [frame]));
  const spans = Array.from({ length: rows }, (_, row) => spansOf(row, shown, length)).flat();
  const times = new Map(spans.map(({ from, to }) => [`${from}-${to}`, { from, to }]));
  const names = new Map([...times.keys()].map((key, index) => [key, `t${index}`]));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" fill="#d8dee9" role="img">`,
    '<title>A terminal session with the mcp command</title>',
    '<style>',
    `text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;white-space:pre}`,
    `g{visibility:hidden;animation:${length}ms step-end infinite}`,
    ...[...times].map(([key, { from, to }]) => animation(names.get(key), from, to, length)),
    `@media (prefers-reduced-motion:reduce){g{animation:none!important}g.end{visibility:visible}}`,
    '</style>',
    `<rect width="100%" height="100%" rx="8" fill="#1c1f26"/>`,
    ...spans.map(({ from, to, row, pieces }) => {
      const name = names.get(`${from}-${to}`);
      return `<g class="${name}${to === length ? ' end' : ''}">${pieces.map((piece) => textOf(piece, row)).join('')}</g>`;
    }),
    '</svg>\n',
  ].join('\n');
}

/** How long each content of one row is to be seen. */
function spansOf(row, frames, length) {
  const spans = [];
  for (const { at, lines } of frames) {
    const pieces = lines[row];
    const last = spans.at(-1);
    if (last !== undefined && JSON.stringify(last.pieces) === JSON.stringify(pieces)) continue;
    if (last !== undefined) last.to = at;
    spans.push({ row, pieces, from: at, to: length });
  }
  return spans.filter(({ pieces }) => pieces.length > 0);
}

function animation(name, from, to, length) {
  const percent = (time) => `${Number(((time / length) * 100).toFixed(3))}%`;
  const end = to === length ? '' : `${percent(to)}{visibility:hidden}`;
  return `.${name}{animation-name:${name}}@keyframes ${name}{${percent(from)}{visibility:visible}${end}}`;
}

function textOf({ text, column, color, bold }, row) {
  const [x, y] = [margin + column * cell.width, margin + (row + 0.75) * cell.height].map((place) =>
    Number(place.toFixed(1)),
  );
  const look = `${color === undefined ? '' : ` fill="${colors[color % 8]}"`}${bold ? ' font-weight="bold"' : ''}`;
  const width = Number(([...text].length * cell.width).toFixed(1));
  const safe = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `<text x="${x}" y="${y}" textLength="${width}"${look}>${safe}</text>`;
}

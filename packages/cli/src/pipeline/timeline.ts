import type { RunInfo, RunStep } from '@toolwire/pipeline';

const colors: Readonly<Record<RunStep['status'], string>> = {
  done: '#3a7d44',
  skipped: '#9aa0a6',
  failed: '#b3261e',
  unknown: '#b26a00',
  open: '#3367d6',
};
const rowHeight = 22;
const labelWidth = 240;
const barsWidth = 760;

/** A page that shows a run on its own: a bar for each step and item, when it was made again, and what it waited for. */
export function timelinePage(run: RunInfo, steps: readonly RunStep[]): string {
  const begin = Math.min(run.createdAt, ...steps.map(({ startedAt }) => startedAt));
  const end = Math.max(run.updatedAt, begin + 1, ...steps.map(({ startedAt, endedAt }) => endedAt ?? startedAt));
  const at = (time: number): number => labelWidth + ((Math.min(time, end) - begin) / (end - begin)) * barsWidth;
  const title = `${run.id}: ${run.status}`;
  const height = (steps.length + 1) * rowHeight;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escape(title)}</title>
<style>
  body { font: 14px system-ui, sans-serif; margin: 2em; color: #202124; background: #fff; }
  text { font: 12px ui-monospace, monospace; fill: #202124; }
  .axis { stroke: #dadce0; }
  .retry { fill: #b26a00; }
  li { margin: 0.3em 0; }
</style>
<h1>${escape(title)}</h1>
<p>${escape(run.pipeline)}, attempt ${run.attempt}, ${new Date(begin).toISOString()}, ${duration(end - begin)}</p>
<svg width="${labelWidth + barsWidth + 90}" height="${height}" role="img" aria-label="The steps of the run over time">
${ticks(begin, end, at, height)}
${steps.map((step, index) => row(step, (index + 1) * rowHeight, at, end)).join('\n')}
</svg>
${problemsOf(run)}
</html>
`;
}

function ticks(begin: number, end: number, at: (time: number) => number, height: number): string {
  return [0, 0.25, 0.5, 0.75, 1]
    .map((share) => {
      const x = at(begin + share * (end - begin)).toFixed(1);
      return `<line class="axis" x1="${x}" x2="${x}" y1="${rowHeight - 4}" y2="${height}"/><text x="${x}" y="12">${duration(share * (end - begin))}</text>`;
    })
    .join('\n');
}

function row(step: RunStep, y: number, at: (time: number) => number, end: number): string {
  const { status, startedAt, endedAt = end, retries } = step;
  const name = step.key === undefined ? step.step : `${step.step}[${step.key}]`;
  const [from, to] = [at(startedAt), at(endedAt)];
  const again = retries.map((retry) => `<circle class="retry" cx="${at(retry.at).toFixed(1)}" cy="${y + 9}" r="4"/>`);
  const hollow = step.waitsFor === undefined ? '' : ` fill-opacity="0.35" stroke="${colors[status]}"`;
  return [
    `<g data-step="${escape(name)}" data-status="${status}"><title>${escape(described(step, endedAt - startedAt))}</title>`,
    `<text x="0" y="${y + 13}">${escape(name.length > 32 ? `${name.slice(0, 31)}…` : name)}</text>`,
    `<rect x="${from.toFixed(1)}" y="${y + 2}" width="${Math.max(2, to - from).toFixed(1)}" height="14" rx="2" fill="${colors[status]}"${hollow}/>`,
    ...again,
    `<text x="${(Math.max(from + 2, to) + 6).toFixed(1)}" y="${y + 13}">${duration(endedAt - startedAt)}</text></g>`,
  ].join('');
}

function described({ status, error, isReconciled, retries, waitsFor }: RunStep, tookMs: number): string {
  const facts = [
    `${status}, ${duration(tookMs)}`,
    isReconciled === true ? 'its answer was lost, and it was found to have happened' : '',
    ...retries.map((retry) => `made again after ${duration(retry.waitMs)}: ${retry.error}`),
    waitsFor === undefined ? '' : `waited for ${waitsFor.question ?? waitsFor.for}`,
    error ?? '',
  ];
  return facts.filter((fact) => fact !== '').join('\n');
}

function problemsOf({ problems }: RunInfo): string {
  if (problems.length === 0) return '';
  const items = problems.map(
    ({ step, key, error }) => `<li>${escape(`${step}${key === undefined ? '' : `[${key}]`}: ${error}`)}</li>`,
  );
  return `<h2>Not done</h2>\n<ul>\n${items.join('\n')}\n</ul>`;
}

function duration(ms: number): string {
  return ms < 1_000
    ? `${Math.round(ms)} ms`
    : ms < 120_000
      ? `${(ms / 1_000).toFixed(1)} s`
      : `${Math.round(ms / 60_000)} min`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

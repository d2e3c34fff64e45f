import { timelinePage } from '../../packages/cli/src/pipeline/timeline.ts';

const hostile = '<img src=x onerror="document.title=1">';
const step = (name, status, startedAt, endedAt, more = {}) => ({
  step: name,
  key: undefined,
  status,
  startedAt,
  endedAt,
  retries: [],
  ...more,
});

const run = {
  id: 'today',
  status: 'needs-attention',
  pipeline: 'issues-to-jira',
  version: 1,
  attempt: 1,
  input: {},
  output: undefined,
  problems: [{ step: 'notify', key: hostile, status: 'unknown', error: hostile }],
  parent: undefined,
  createdAt: 0,
  updatedAt: 10_000,
};
const steps = [
  step('issues', 'done', 0, 1_000),
  step('ticket', 'done', 1_000, 6_000, { key: '7', retries: [{ at: 2_000, waitMs: 1_000, error: 'HTTP 503' }] }),
  step('word', 'open', 6_000, undefined, { waitsFor: { for: 'approval', question: hostile } }),
  step('notify', 'unknown', 6_000, 10_000, { key: hostile, error: hostile }),
];

/** What is wrong with the picture of a run (`mcp runs show ID --html FILE`) as the browser draws it. */
export async function timelineFailures(page) {
  await page.setContent(timelinePage(run, steps));
  const drawn = await page.evaluate(() => ({
    title: document.title,
    images: document.images.length,
    bars: [...document.querySelectorAll('g[data-step] rect')].map((bar) => {
      const { left, right, width } = bar.getBoundingClientRect();
      return { left: Math.round(left), right: Math.round(right), isSeen: width > 0 };
    }),
    again: document.querySelectorAll('.retry').length,
    listed: document.querySelectorAll('li').length,
  }));
  const [issues, ticket, word, notify] = drawn.bars;
  const checks = {
    'its title is the run': drawn.title === 'today: needs-attention',
    'texts stay texts': drawn.images === 0,
    'each step has a bar': drawn.bars.length === steps.length && drawn.bars.every(({ isSeen }) => isSeen),
    'bars follow the time': issues.right === ticket.left && ticket.right === word.left && word.right === notify.right,
    'a bar is as long as it took': Math.abs(ticket.right - ticket.left - 5 * (issues.right - issues.left)) <= 5,
    'a call that was made again is marked': drawn.again === 1,
    'what is not done is listed': drawn.listed === 1,
  };
  return Object.keys(checks).filter((name) => !checks[name]);
}

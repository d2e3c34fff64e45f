import { describe, expect, test } from 'vitest';
import { definePipeline, findProblems } from './define-pipeline.ts';
import type { PipelineDefinition } from './definition.ts';
import { formatProblem, PipelineInvalidError } from './problems.ts';

const list = { id: 'issues', call: 'github.list_issues', args: { state: '${{ input.state }}' } };
const ticket = {
  id: 'ticket',
  forEach: '${{ steps.issues.result }}',
  key: '${{ item.number }}',
  call: 'jira.create',
  args: { title: '${{ item.title }}', token: '${{ env.TOKEN }}' },
  reconcile: {
    call: 'jira.search',
    args: { label: '${{ key }}' },
    found: 'result[0]',
    as: { key: '${{ found.key }}' },
  },
};
const notify = {
  id: 'notify',
  forEach: 'ticket',
  call: 'slack/post.message',
  args: { text: '${{ ticket.key }} for ${{ item.number }} of ${{ issues.length }}' },
  output: '${{ result.ts }}',
  when: 'ticket.key',
};
const inner: PipelineDefinition = { name: 'inner', steps: [list] };

function of(...steps: unknown[]): unknown {
  return { name: 'story', steps };
}

test('gives back a pipeline in which everything is right', () => {
  const steps = [
    list,
    ticket,
    notify,
    { id: 'pause', sleep: '1h' },
    { id: 'ok', approval: 'Go on with ${{ issues.length }}?', timeout: '1d' },
    { id: 'deployed', webhook: 'the deployment' },
    { id: 'sub', pipeline: inner, input: { state: 'open' }, forEach: [1, 2] },
  ];
  const pipeline = of(...steps) as PipelineDefinition;
  expect(definePipeline(pipeline)).toBe(pipeline);
});

describe('says what is wrong, and where', () => {
  test.each<[string, unknown, string]>([
    ['no object', 'story', 'must be an object with a name and steps'],
    ['no steps', { name: 'story' }, 'steps: steps must be a list of at least one step'],
    ['a name with spaces', { name: 'my story', steps: [list] }, 'name: name must be letters, digits'],
    ['a field that nobody knows', { name: 'story', steps: [list], step: 1 }, 'step: step is not known here'],
    ['a step that is none', of(7), 'steps[0]: must be an object with an id'],
    ['a step that does nothing', of({ id: 'a' }), 'step a: must have one of call, sleep'],
    ['a step that does two things', of({ ...list, sleep: '1s' }), 'step issues: must have one of call, sleep'],
    ['a slip in a field', of({ ...list, arguments: {} }), 'step issues: arguments is not known here; there are id'],
    ['no tool', of({ id: 'a', call: 'create' }), 'step a: call must be server.tool or server/tool'],
    ['no time', of({ ...list, timeout: '5 minutes' }), 'step issues: timeout must be a time like'],
    ['two steps of one id', of(list, list), 'step issues: "issues" is taken'],
    ['an id that means something else', of({ ...list, id: 'item' }), 'step item: "item" is taken'],
    ['a key without forEach', of({ ...list, key: '1' }), 'step issues: key is of use with forEach only'],
    [
      'retries that are none',
      of({ ...list, retries: { attempts: 0 } }),
      'step issues: attempts must be a whole number',
    ],
    ['a reconcile without found', of({ ...list, reconcile: { call: 'a.b' } }), 'step issues: found must be a text'],
    ['a sleep for each item', of({ id: 'a', sleep: '1s', forEach: [1] }), 'step a: forEach is not known here'],
    ['an expression that is none', of({ ...list, when: 'input. ==' }), 'step issues: The expression "input. =="'],
    [
      'a step that is not there',
      of({ ...list, args: { a: '${{ steps.isues.result }}' } }),
      'no earlier step is called "isues"',
    ],
    ['a later step', of({ ...list, args: { a: '${{ ticket }}' } }, ticket), 'ticket: there is no ticket here'],
    [
      'a step of itself',
      of({ ...list, args: { a: '${{ steps.issues.result }}' } }),
      'no earlier step is called "issues"',
    ],
    [
      'no result',
      of(list, { ...list, id: 'b', args: { a: '${{ steps.issues.number }}' } }),
      'write steps.issues.result',
    ],
    [
      'an item where there is none',
      of({ ...list, args: { a: '${{ item }}' } }),
      'there is no item here; there are input, run, env',
    ],
    ['a result before the call', of({ ...list, args: { a: '${{ result }}' } }), 'there is no result here'],
    ['a secret that would be stored', of({ ...list, output: '${{ env.TOKEN }}' }), 'there is no env here'],
    [
      'items of a step that is not there',
      of({ ...notify, forEach: 'tickets' }),
      'step notify: "tickets" is no earlier step',
    ],
    ['items of a step that has none', of(list, { ...notify, forEach: 'issues' }), '"issues" has no forEach; write ${{'],
    ['a wrong step of a sub-pipeline', of({ id: 'sub', pipeline: of({ id: 'x' }) }), 'step x: must have one of'],
    [
      'a wrong output',
      { name: 'story', steps: [list], output: '${{ steps.b.result }}' },
      'output: steps.b.result: no earlier step',
    ],
    [
      'a secret in the file',
      { name: 'story', steps: [list], servers: { jira: { command: 'x', env: { JIRA_API_TOKEN: 'abc' } } } },
      'JIRA_API_TOKEN would be stored with every run; write ${NAME}',
    ],
    [
      'a policy that is none',
      { name: 'story', steps: [list], servers: { jira: { url: 'http://x', concurrency: 0 } } },
      'servers.jira.concurrency: concurrency must be a whole number',
    ],
  ])('%s', (_what, definition, problem) => {
    expect(findProblems(definition).map(formatProblem)).toContainEqual(expect.stringContaining(problem));
  });
});

test('a pipeline that runs itself is refused', () => {
  const cyclic = { name: 'cyclic', steps: [] as unknown[] };
  cyclic.steps.push({ id: 'again', pipeline: cyclic });
  expect(findProblems(cyclic).map(formatProblem)).toEqual([expect.stringContaining('a pipeline cannot run itself')]);
});

test('throws everything that is wrong at once', () => {
  const wrong = of({ id: 'a', call: 'x', timeout: 'soon' }) as PipelineDefinition;
  expect(() => definePipeline(wrong)).toThrow(PipelineInvalidError);
  expect(() => definePipeline(wrong)).toThrow(
    expect.objectContaining({ code: 'definition-invalid', problems: [{}, {}].map(() => expect.anything()) }),
  );
});

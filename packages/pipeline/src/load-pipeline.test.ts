import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { loadPipeline } from './load-pipeline.ts';
import { formatProblem, PipelineInvalidError } from './problems.ts';

async function files(contents: Record<string, string>): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'toolwire-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  for (const [name, text] of Object.entries(contents)) await writeFile(join(directory, name), text);
  return directory;
}

async function problemsOf(contents: Record<string, string>): Promise<string[]> {
  const directory = await files(contents);
  const error: unknown = await loadPipeline(join(directory, 'main.yaml')).catch((thrown: unknown) => thrown);
  if (!(error instanceof PipelineInvalidError)) throw error;
  return error.problems.map((problem) => formatProblem(problem).replaceAll(`${directory}/`, ''));
}

const good = `name: issues-to-jira
concurrency: 4
steps:
  - id: issues
    call: github.list_issues
    args: { state: open }
  - id: ticket
    forEach: \${{ steps.issues.result }}
    key: \${{ item.number }}
    call: jira.create
    args:
      title: "\${{ item.title }}"
`;

test('reads a pipeline from YAML', async () => {
  const directory = await files({ 'main.yaml': good });
  const { pipeline } = await loadPipeline(join(directory, 'main.yaml'));
  expect(pipeline).toMatchObject({
    name: 'issues-to-jira',
    concurrency: 4,
    steps: [{ id: 'issues' }, { id: 'ticket' }],
  });
});

test('errors name file, line and step', async () => {
  expect(await problemsOf({ 'main.yaml': good.replace('item.title', 'itm.title') })).toEqual([
    expect.stringMatching(/^main\.yaml:11: step ticket: itm\.title: there is no itm here/),
  ]);
  expect(await problemsOf({ 'main.yaml': good.replace('key:', 'kee:') })).toEqual([
    expect.stringMatching(/^main\.yaml:9: step ticket: kee is not known here/),
  ]);
});

test('YAML that is none is refused with its line', async () => {
  expect(await problemsOf({ 'main.yaml': 'name: a\nsteps: [\n  { id: }\n' })).toEqual([
    expect.stringMatching(/^main\.yaml:\d: no YAML: /),
  ]);
});

test('a file that is not there is named', async () => {
  expect(await problemsOf({})).toEqual(['main.yaml: there is no such file']);
});

test('a step may run the pipeline of another file, whose errors name that file', async () => {
  const main = 'name: main\nsteps:\n  - id: sub\n    pipeline: ./inner.yaml\n';
  const directory = await files({ 'main.yaml': main, 'inner.yaml': good });
  const { pipeline } = await loadPipeline(join(directory, 'main.yaml'));
  expect(pipeline).toMatchObject({ steps: [{ id: 'sub', pipeline: { name: 'issues-to-jira' } }] });
  expect(await problemsOf({ 'main.yaml': main, 'inner.yaml': good.replace('call: jira', 'cal: jira') })).toContainEqual(
    expect.stringMatching(/^inner\.yaml:7: step ticket: must have one of call/),
  );
  expect(await problemsOf({ 'main.yaml': main })).toEqual([
    expect.stringMatching(/inner\.yaml: there is no such file/),
  ]);
});

test('a file that is part of itself is refused', async () => {
  const main = 'name: main\nsteps:\n  - id: sub\n    pipeline: ./inner.yaml\n';
  const inner = 'name: inner\nsteps:\n  - id: back\n    pipeline: ./main.yaml\n';
  expect(await problemsOf({ 'main.yaml': main, 'inner.yaml': inner })).toEqual([
    expect.stringMatching(/^inner\.yaml:4: step back: \.\/main\.yaml is part of itself/),
  ]);
});

test('a problem that servers find is located, too', async () => {
  const directory = await files({ 'main.yaml': good });
  const { locate } = await loadPipeline(join(directory, 'main.yaml'));
  const problem = { severity: 'error' as const, message: 'wrong', path: ['steps', 1, 'args', 'title'] };
  expect(locate(problem)).toMatchObject({ line: 12, file: join(directory, 'main.yaml') });
});

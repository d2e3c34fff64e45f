import { expect, test } from 'vitest';
import { secretsOf } from './secrets.ts';

test('knows secrets by the names of variables, and of what they fill in', () => {
  const env = {
    JIRA_TOKEN: 'one',
    PROJECT: 'PROJ',
    KEYFILE: 'two',
    INNER_SECRET: 'three',
    UNUSED_TOKEN: 'four',
    BASE: 'url',
  };
  const inner = { name: 'inner', steps: [{ id: 'a', call: 'x.y', args: { a: '${{ env.INNER_SECRET }}' } }] };
  const pipeline = {
    name: 'story',
    servers: {
      jira: { command: 'jira', env: { TOKEN: '${JIRA_TOKEN}', JIRA_BASE_URL: '${BASE}', MISSING: '${NO_SUCH_TOKEN}' } },
      other: { url: 'http://127.0.0.1/mcp', headers: { Authorization: 'Bearer ${env:KEYFILE}' } },
    },
    steps: [
      { id: 'b', call: 'jira.create', args: { project: '${{ env.PROJECT }}' } },
      { id: 'c', pipeline: inner },
    ],
  };
  expect(secretsOf(pipeline, env).toSorted()).toEqual(['one', 'three', 'two']);
});

import { delimiter } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FakeApis } from './fake-apis.ts';

const pathOf = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

/** The environment in which the servers of the pipeline are found, and speak with the APIs of this machine alone. */
export function environmentFor({ url, redirect }: FakeApis): NodeJS.ProcessEnv {
  return {
    ...process.env,
    PATH: [pathOf('../../node_modules/.bin'), process.env['PATH']].join(delimiter),
    NODE_OPTIONS: `--import=${new URL('redirect.mjs', import.meta.url).href}`,
    REDIRECT: JSON.stringify(redirect),
    GITHUB_PERSONAL_ACCESS_TOKEN: 'none',
    JIRA_BASE_URL: `${url}/jira`,
    JIRA_EMAIL: 'ada@example.com',
    JIRA_API_TOKEN: 'none',
    SLACK_BOT_TOKEN: 'none',
    SLACK_TEAM_ID: 'T1',
  };
}

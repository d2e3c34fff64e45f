import { createTestServer } from '@toolwire/testing';

export interface Issue {
  number: number;
  title: string;
  body: string;
}

const issues: readonly (Issue & { state: string })[] = [
  { number: 7, title: 'Kites tangle', body: 'In strong wind.', state: 'open' },
  { number: 8, title: 'Strings fade', body: 'In the sun.', state: 'closed' },
  { number: 9, title: 'Tails are short', body: 'By a foot.', state: 'open' },
];

/** Starts three servers; `messages` is what the chat was told. Disposing of them ends them. */
export async function startServers(): Promise<
  AsyncDisposable & { urls: { github: string; jira: string; slack: string }; messages: string[] }
> {
  const messages: string[] = [];
  let tickets = 0;
  const github = createTestServer({
    tools: {
      list_issues: {
        description: 'Lists the issues of a repository',
        handler: ({ state }) => issues.filter((issue) => issue.state === state),
      },
    },
  });
  const jira = createTestServer({
    tools: {
      create_ticket: { description: 'Opens a ticket', handler: () => ({ key: `KITE-${++tickets}` }) },
      delete_project: { description: 'Deletes a project and all of its tickets', handler: () => 'gone' },
    },
  });
  const slack = createTestServer({
    tools: {
      send_message: {
        description: 'Sends a message to a channel',
        handler: ({ text }) => `message ${messages.push(String(text))}`,
      },
    },
  });
  const all = [github, jira, slack];
  const [githubAt, jiraAt, slackAt] = await Promise.all([github.listen(), jira.listen(), slack.listen()]);
  return {
    urls: { github: githubAt.url, jira: jiraAt.url, slack: slackAt.url },
    messages,
    async [Symbol.asyncDispose]() {
      await Promise.all(all.map((server) => server.close()));
    },
  };
}

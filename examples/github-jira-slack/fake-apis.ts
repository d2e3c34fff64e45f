import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/** As much of the REST APIs of GitHub, Jira and Slack as this story needs, on 127.0.0.1, remembering what was done to them. */
export interface FakeApis {
  readonly url: string;
  /** Where the hosts that the servers know are to be found here. */
  readonly redirect: Readonly<Record<string, string>>;
  readonly tickets: readonly Ticket[];
  /** The texts that were posted. */
  readonly messages: readonly string[];
  close(): Promise<void>;
}

interface Ticket {
  readonly key: string;
  readonly summary: string;
  readonly labels: readonly string[];
}

/** What is sent to Jira and to Slack, as far as it is read here. */
interface Sent {
  readonly fields: { readonly summary: string; readonly labels?: readonly string[] };
  readonly channel: string;
  readonly text: string;
}

/** A request takes effect when it comes, and is answered `answerAfterMs` later: a caller that dies between does not know. */
export async function startFakeApis(issueCount: number, answerAfterMs: number): Promise<FakeApis> {
  const tickets: Ticket[] = [];
  const messages: { text: string; ts: string }[] = [];

  const routes: Readonly<Record<string, (query: URLSearchParams, body: Sent) => unknown>> = {
    'GET /github/repos/myorg/myrepo/issues': () => Array.from({ length: issueCount }, (_, index) => issue(index + 1)),
    'POST /jira/rest/api/3/issue': (_query, { fields }) => {
      const ticket = { key: `PROJ-${tickets.length + 1}`, summary: fields.summary, labels: fields.labels ?? [] };
      tickets.push(ticket);
      return { id: String(tickets.length), key: ticket.key, self: `/rest/api/3/issue/${tickets.length}` };
    },
    'GET /jira/rest/api/3/search/jql': (query) => {
      const label = /labels = "(.+)"/.exec(query.get('jql') ?? '')?.[1] ?? '';
      const found = tickets.filter(({ labels }) => labels.includes(label));
      return {
        isLast: true,
        issues: found.map(({ key, summary, labels }) => ({ id: key, key, fields: { summary, labels } })),
      };
    },
    'POST /slack/api/chat.postMessage': (_query, { channel, text }) => {
      const ts = `${1_700_000_000 + messages.length}.000100`;
      messages.push({ text, ts });
      return { ok: true, channel, ts, message: { text, ts } };
    },
    'GET /slack/api/conversations.history': (query) => {
      const newest = messages.toReversed().slice(0, Number(query.get('limit') ?? 100));
      return { ok: true, has_more: false, messages: newest.map((message) => ({ type: 'message', ...message })) };
    },
  };

  const server = createServer((request, response) => {
    void (async () => {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
      const route = routes[`${request.method} ${pathname}`];
      const answer = route?.(searchParams, (await readJson(request)) as Sent);
      await wait(answerAfterMs);
      response.writeHead(route === undefined ? 404 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer ?? { message: `no ${request.method} ${pathname} here` }));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // A TCP server has one.

  return {
    url,
    redirect: { 'https://api.github.com': `${url}/github`, 'https://slack.com': `${url}/slack` },
    tickets,
    get messages() {
      return messages.map(({ text }) => text);
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text === '' ? undefined : JSON.parse(text);
}

/** An issue with all that the GitHub server insists on. */
function issue(number: number): unknown {
  const user = { login: 'ada', id: 1, avatar_url: '', url: '', html_url: '' };
  const dates = { created_at: '2026-01-01T00:00:00Z', updated_at: '2026-01-01T00:00:00Z', closed_at: null };
  const rest = {
    state: 'open',
    locked: false,
    comments: 0,
    labels: [],
    assignees: [],
    assignee: null,
    milestone: null,
  };
  return {
    number,
    title: `Kite ${number} tangles`,
    body: 'In strong wind.',
    url: '',
    html_url: '',
    id: number,
    user,
    ...dates,
    ...rest,
  };
}

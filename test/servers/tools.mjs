import { setTimeout as sleep } from 'node:timers/promises';

const object = (properties = {}, required = Object.keys(properties)) => ({ type: 'object', properties, required });
const question = (message) => ({ message, requestedSchema: object({ value: { type: 'string' } }) });
const text = (value) => ({
  content: [{ type: 'text', text: typeof value === 'string' ? value : JSON.stringify(value) }],
});

/** A 1×1 PNG, base64. */
export const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=';

// `run(args, call)` answers; each server makes `call` out of what its SDK hands to a handler.
const tools = [
  {
    name: 'echo',
    title: 'Echo',
    description: 'Returns its text',
    inputSchema: object({ text: { type: 'string' } }),
    run: ({ text: value }) => text(value),
  },
  {
    name: 'add',
    description: 'Adds two numbers',
    inputSchema: object({ a: { type: 'number' }, b: { type: 'number' } }),
    outputSchema: object({ sum: { type: 'number' } }),
    run: ({ a, b }, { revision }) => ({
      ...text({ sum: a + b }),
      ...(revision >= '2025-06-18' && { structuredContent: { sum: a + b } }),
    }),
  },
  {
    name: 'slow',
    description: 'Takes `steps` steps of `stepMs`, reports progress, and notes when it is cancelled',
    inputSchema: object(
      {
        label: { type: 'string' },
        steps: { type: 'integer' },
        stepMs: { type: 'integer' },
        quiet: { type: 'boolean' },
      },
      ['label', 'steps', 'stepMs'],
    ),
    async run({ label, steps, stepMs, quiet }, { signal, progress, seen }) {
      seen.started.push(label);
      try {
        for (let step = 1; step <= steps; step += 1) {
          await sleep(stepMs, undefined, { signal });
          if (!quiet) await progress(step, steps, `step ${step}`);
        }
      } catch (error) {
        if (signal.aborted) seen.cancelled.push(label);
        throw error;
      }
      return text(`${label} done`);
    },
  },
  {
    name: 'fail',
    description: 'Reports failure as a result',
    inputSchema: object(),
    run: () => ({ ...text('the disk is full'), isError: true }),
  },
  {
    name: 'crash',
    description: 'Ends the process in the middle of the call',
    inputSchema: object({ exitCode: { type: 'integer' } }),
    run({ exitCode }) {
      process.stderr.write('out of cheese\n', () => process.exit(exitCode));
      return new Promise(() => {});
    },
  },
  {
    name: 'picture',
    description: 'Returns a 1×1 PNG after a line of text',
    inputSchema: object(),
    run: () => ({
      content: [
        { type: 'text', text: 'a pixel' },
        { type: 'image', data: pixel, mimeType: 'image/png' },
      ],
    }),
  },
  {
    name: 'big',
    description: 'Returns that many characters',
    inputSchema: object({ size: { type: 'integer' } }),
    run: ({ size }) => text('x'.repeat(size)),
  },
  {
    name: 'log',
    description: 'Logs one message at each of four levels',
    inputSchema: object(),
    async run(_args, { log }) {
      for (const level of ['debug', 'info', 'warning', 'error']) await log(level, `a ${level} message`);
      return text('logged');
    },
  },
  {
    name: 'confirm',
    since: '2025-06-18',
    description: 'Asks the user for a name and whether to go on',
    inputSchema: object(),
    async run(_args, { ask }) {
      const requestedSchema = object({ name: { type: 'string', default: 'Ada' }, proceed: { type: 'boolean' } });
      return text(await ask('confirm', 'elicitation/create', { message: 'Go on?', requestedSchema }));
    },
  },
  {
    name: 'visit',
    since: '2025-11-25',
    description: 'Asks the user to open a page',
    inputSchema: object(),
    async run(_args, { ask, revision }) {
      const params = { mode: 'url', message: 'Please sign in', url: 'http://127.0.0.1/sign-in' };
      // The modern era dropped the id: the request state does its work.
      if (revision < '2026-07-28') params.elicitationId = 'visit-1';
      return text(await ask('visit', 'elicitation/create', params));
    },
  },
  {
    name: 'sample',
    description: 'Asks the client’s model',
    inputSchema: object({ prompt: { type: 'string' } }),
    async run({ prompt }, { ask }) {
      const messages = [{ role: 'user', content: { type: 'text', text: prompt } }];
      return text(await ask('sample', 'sampling/createMessage', { messages, maxTokens: 10 }));
    },
  },
  {
    name: 'roots',
    description: 'Asks for the client’s roots',
    inputSchema: object(),
    run: async (_args, { ask }) => text(await ask('roots', 'roots/list')),
  },
  {
    name: 'two_questions',
    since: '2025-06-18',
    description: 'Asks twice: the second question needs the first answer',
    inputSchema: object(),
    async run(_args, { ask }) {
      const first = await ask('first', 'elicitation/create', question('First?'));
      const second = await ask('second', 'elicitation/create', question(`After ${first.content?.value}?`));
      return text(`${first.content?.value} then ${second.content?.value}`);
    },
  },
  {
    name: 'touch',
    description: 'Says that a resource has changed',
    inputSchema: object({ uri: { type: 'string' } }),
    async run({ uri }, { resourceUpdated }) {
      await resourceUpdated(uri);
      return text(`touched ${uri}`);
    },
  },
  {
    name: 'grow',
    description: 'Adds an entry to one of the lists and says so',
    inputSchema: object({ list: { enum: ['tools', 'resources', 'prompts'] } }),
    async run({ list }, { grow }) {
      await grow(list);
      return text(`grew ${list}`);
    },
  },
  {
    name: 'request',
    description: 'Returns the headers and the _meta that came with the call',
    inputSchema: object({ region: { type: 'string', 'x-mcp-header': 'Region' } }, []),
    run: ({ region }, { headers, meta }) => text({ region, headers, meta }),
  },
  {
    name: 'environment',
    description: 'Returns the process id, the working directory and the environment of the server',
    inputSchema: object(),
    run: () => text({ pid: process.pid, cwd: process.cwd(), env: process.env }),
  },
  {
    name: 'cut_stream',
    description: 'Closes the answer stream, then answers after `afterMs`: the client has to resume',
    inputSchema: object({ afterMs: { type: 'integer' } }),
    async run({ afterMs }, { closeStream, signal }) {
      closeStream();
      await sleep(afterMs, undefined, { signal });
      return text('resumed');
    },
  },
  {
    name: 'seen',
    description: 'Returns what the server has seen: slow calls started and cancelled, requests by method, client',
    inputSchema: object(),
    run: (_args, { seen }) => text(seen),
  },
  ...Array.from({ length: 12 }, (_, index) => ({
    name: `spare_${String(index + 1).padStart(2, '0')}`,
    description: 'Fills the pages of the list',
    inputSchema: object(),
    run: () => text('spare'),
  })),
];

/** The tools that exist at a protocol revision. */
export function toolsAt(revision) {
  return tools.filter(({ since }) => since === undefined || since <= revision);
}

/** A tool as `tools/list` shows it at a revision: fields that came later are left out. */
export function describeTool({ run: _run, since: _since, title, outputSchema, ...tool }, revision) {
  return {
    ...tool,
    ...(revision >= '2025-06-18' && { ...(title && { title }), ...(outputSchema && { outputSchema }) }),
  };
}

/** A tool that `grow` adds. */
export function grownTool(count) {
  return { name: `grown_${count}`, description: 'Came later', inputSchema: object(), run: () => text('grown') };
}

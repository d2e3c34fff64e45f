import {
  createBridge,
  ModelAnswerError,
  RunInterruptedError,
  type BridgeEvent,
  type ChatResult,
  type ResponsesResult,
} from '@toolwire/openai-bridge';
import { textReader } from '../arguments/read-text.ts';
import { CliError } from '../cli-error.ts';
import type { CommandContext } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { print } from '../io.ts';
import { approver } from '../openai/approval.ts';
import { findModel, usualApi } from '../openai/find-model.ts';
import { modelFlags } from '../openai/model-flags.ts';
import { openModel } from '../openai/model-client.ts';
import { ModelHttpError } from '../openai/model-http-error.ts';
import { runPrinter, type RunPrinter } from '../openai/run-printer.ts';
import { toolSource } from '../openai/server-tools.ts';
import { printFailure } from '../output/failure.ts';
import { printJson } from '../output/json.ts';
import { resolveTargets } from '../targets.ts';

type Result = ChatResult | ResponsesResult;

/** `mcp chat "…" --model M`: one turn of a model that may call the servers' tools. */
export async function chat(context: CommandContext): Promise<ExitCode> {
  const { line, settings, servers, io } = context;
  const { model, api, strict } = modelFlags(settings);
  if (model === undefined) throw new CliError('usage', 'Name the model: mcp chat "…" --model MODEL');
  const prompt = await readPrompt(context);
  const address = findModel(io.env);
  const targets = await resolveTargets({ settings, command: line.command }, io);
  const printer = settings.json ? undefined : runPrinter(io);
  const { approve, hasDeclined } = approver(io, settings.own.has('yes'));
  const bridge = createBridge(toolSource(targets.map((target) => servers.open(target, settings))), {
    async approve(request) {
      await printer?.begun(request.id);
      return approve(request);
    },
    ...(strict !== undefined && { strict }),
  });

  const client = openModel(address);
  const options = io.interrupted === undefined ? {} : { signal: io.interrupted };
  const events: AsyncIterable<BridgeEvent<Result>> =
    (api ?? usualApi(address)) === 'chat'
      ? bridge.stream(client, { model, messages: [{ role: 'user', content: prompt }] }, options)
      : bridge.stream(client, { model, input: prompt }, options);
  const result = await follow(events, printer);
  for (const { error } of bridge.report()?.failed ?? []) await printFailure(io.stderr, error, settings.json);
  return end(result, hasDeclined(), context);
}

async function readPrompt({ line, io }: CommandContext): Promise<string> {
  const [prompt, extra] = line.operands;
  if (prompt === undefined || extra !== undefined) {
    throw new CliError(
      'usage',
      'Say one thing: mcp chat "…" --model MODEL',
      'Put it in quotes, or write - and pipe it',
    );
  }
  return prompt === '-' ? textReader(io)('-') : prompt;
}

async function follow(events: AsyncIterable<BridgeEvent<Result>>, printer: RunPrinter | undefined): Promise<Result> {
  try {
    for await (const event of events) {
      await printer?.print(event);
      if (event.type === 'done') return event.result;
    }
  } catch (error) {
    throw explained(error);
  }
  throw new Error('The run has come to no end');
}

async function end(result: Result, hasDeclined: boolean, { io, settings }: CommandContext): Promise<ExitCode> {
  const { finish, text, refusal } = result;
  if (settings.json) {
    const runs = result.runs.map(({ server, tool, name, args, outcome, result: answer }) => {
      return { server, tool: tool ?? name, args, outcome, result: typeof answer === 'string' ? answer : answer.raw };
    });
    await printJson(io.stdout, { text, finish, ...(refusal !== '' && { refusal }), runs });
  }
  if (finish !== 'stop') {
    await print(io.stderr, `mcp: ${unfinished[finish]}\n`);
    return 1;
  }
  return hasDeclined ? 5 : 0;
}

const unfinished: Record<Exclude<Result['finish'], 'stop'>, string> = {
  refusal: 'the model refuses',
  length: "the model's answer was cut: it became too long",
  'content-filter': "the model's answer was cut by a content filter",
  'max-steps': 'the model wanted to go on calling tools, and was stopped',
  'foreign-calls': 'the model asks for something that mcp cannot do',
};

/** What failed, as people are told it; that tools had run before changes nothing about it. */
function explained(error: unknown): unknown {
  const cause = error instanceof RunInterruptedError ? error.cause : error;
  if (cause instanceof ModelAnswerError) return new CliError('model-failed', cause.message);
  if (!(cause instanceof ModelHttpError)) return cause;
  const isRefused = cause.status === 401 || cause.status === 403;
  return isRefused
    ? new CliError('model-unauthorized', cause.message, 'Is OPENAI_API_KEY right?')
    : new CliError('model-failed', cause.message);
}

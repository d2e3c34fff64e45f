import type { McpClient } from './client.ts';
import type { ClientOptions } from './client-options.ts';
import { isMcpError } from './errors.ts';
import type { Interceptor } from './interceptor.ts';
import type { OnReport } from './protocol/report.ts';
import type { Tool } from './protocol/types.ts';
import { abortable } from './signals.ts';
import type { ToolJudge } from './tool-lock-judge.ts';

/** Holds a client to the tools that it knows. What judges them is loaded by the first list. */
export class ToolGuard {
  readonly #client: Pick<McpClient, 'listTools' | 'server'>;
  readonly #refuses: boolean;
  readonly #open: () => Promise<ToolJudge>;
  #judge: Promise<ToolJudge> | undefined;
  /** The list by which calls are judged; undefined while the tools may have changed since. */
  #list: Promise<unknown> | undefined;

  constructor(
    client: Pick<McpClient, 'listTools' | 'server'>,
    { toolLock, onToolChanged }: Pick<ClientOptions, 'toolLock' | 'onToolChanged'>,
    onReport: OnReport,
  ) {
    this.#client = client;
    this.#refuses = onToolChanged !== 'warn';
    this.#open = async () => (await import('./tool-lock-judge.ts')).toolJudge(toolLock, this.#refuses, onReport);
  }

  /** The tools may have changed: they are listed again before the next call. */
  outdate(): void {
    this.#list = undefined;
  }

  /** What a caller may see of these tools. */
  async check(tools: Tool[]): Promise<Tool[]> {
    return (await this.#loaded()).judge(tools);
  }

  /** The options with an interceptor more, the last: it rejects calls of a tool that is not what it was with `tool-changed`. */
  hold(options: ClientOptions): ClientOptions {
    if (!this.#refuses) return options;
    const refuse: Interceptor = (next) => async (request) => {
      const { method, params } = request;
      if (method === 'tools/call') await this.#admit(String(params['name']), request.options.signal);
      return next(request);
    };
    return { ...options, interceptors: [...(options.interceptors ?? []), refuse] };
  }

  async #admit(name: string, signal: AbortSignal | undefined): Promise<void> {
    if (this.#client.server === undefined) this.outdate(); // The next connection may be to another server.
    const list = (this.#list ??= this.#client.listTools({ fresh: true }));
    try {
      await abortable(list, signal);
    } catch (error) {
      if (signal?.aborted !== true && this.#list === list) this.outdate();
      // Whatever became of the list, which nobody else waits for: the call was not sent.
      if (isMcpError(error)) Object.defineProperty(error, 'delivered', { value: 'no' });
      throw error;
    }
    const refusal = (await this.#loaded()).refusalOf(name);
    if (refusal !== undefined) throw refusal;
  }

  #loaded(): Promise<ToolJudge> {
    return (this.#judge ??= this.#open());
  }
}

/** The guard that these options ask for, if they ask for one. */
export function toolGuard(
  client: Pick<McpClient, 'listTools' | 'server'>,
  options: Pick<ClientOptions, 'toolLock' | 'onToolChanged'>,
  onReport: OnReport,
): ToolGuard | undefined {
  const { toolLock, onToolChanged = toolLock === undefined ? 'allow' : 'refuse' } = options;
  return onToolChanged === 'allow' ? undefined : new ToolGuard(client, options, onReport);
}

import type { ElicitRequestParams, ElicitResult, HandlerContext } from '@toolwire/client-core';
import { print, type Io } from '../io.ts';
import { sanitizeLine } from '../output/sanitize.ts';
import type { Activity } from './activity.ts';

/** What servers ask the person at the terminal, one question after the other; remembers whether one was declined. */
export class Questions {
  readonly #io: Io;
  readonly #activity: Activity;
  #last: Promise<unknown> = Promise.resolve();
  hasDeclined = false;

  constructor(io: Io, activity: Activity) {
    this.#io = io;
    this.#activity = activity;
  }

  /** Where nobody can be asked, or `mayAsk` says no, the question is declined and told. */
  async ask(
    server: string,
    mayAsk: boolean,
    params: ElicitRequestParams,
    { signal }: HandlerContext,
  ): Promise<ElicitResult> {
    const { stdin, stderr } = this.#io;
    const turn = this.#last.then(async (): Promise<ElicitResult> => {
      if (signal.aborted) return { action: 'cancel' };
      if (mayAsk && stdin.isTTY === true && stderr.isTTY === true) {
        return this.#activity.pause(async () => {
          const { askUser, lineReader } = await import('./moving.ts');
          return askUser(server, params, this.#io, lineReader(this.#io)(signal));
        });
      }
      this.#activity.stop();
      const question = `${sanitizeLine(server)} asks "${sanitizeLine(params.message)}"`;
      await print(stderr, `mcp: ${question}: declined, since nobody can be asked here\n`);
      return { action: 'decline' };
    });
    this.#last = turn.catch(() => undefined);
    const answer = await turn;
    this.hasDeclined ||= answer.action !== 'accept';
    return answer;
  }
}

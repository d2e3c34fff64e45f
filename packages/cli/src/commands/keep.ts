import { textReader } from '../arguments/read-text.ts';
import type { ExitCode } from '../exit-codes.ts';
import { print, type Io } from '../io.ts';
import { routeTo } from '../route-to.ts';
import { Keeper } from '../warm/keeper.ts';
import type { KeptServer } from '../warm/kept-server.ts';

/** `mcp __keep`: what `mcp up` starts for each server. Reads which on stdin, and says on stdout who it is once callers may come. */
export async function keep(_argv: readonly string[], io: Io): Promise<ExitCode> {
  const kept = JSON.parse(await textReader(io)('-')) as KeptServer; // Written by `startKeeper`, and by nobody else.
  const keeper = new Keeper(kept, await routeTo(kept.config, io, false));
  await keeper.listen();
  await print(io.stdout, `${JSON.stringify(keeper.status)}\n`);
  await Promise.race([keeper.ended, interrupted(io)]);
  await keeper.close();
  return 0;
}

function interrupted({ interrupted: signal }: Io): Promise<void> {
  return new Promise((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true }));
}

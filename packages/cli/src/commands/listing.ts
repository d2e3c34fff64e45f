import { answered, askAll, failuresIn, type Answer } from '../ask-all.ts';
import type { Command, CommandContext } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { failWithAll } from '../fail-with.ts';
import type { Io } from '../io.ts';
import { failureAsJson } from '../output/failure.ts';
import { openShow } from '../output/show.ts';
import type { ItemKind } from '../server-items.ts';
import { resolveTargets, type ServerTarget } from '../targets.ts';

/** Told of what each server has, once that is printed. */
type OnListed<Item> = (target: ServerTarget, items: readonly Item[], io: Io) => Promise<void>;

/** The command that lists everything of a kind, of every server that is meant; fails only when no server answers. */
export function listing<Item extends object>(kind: ItemKind<Item>, onListed?: OnListed<Item>): Command {
  return async (context: CommandContext): Promise<ExitCode> => {
    const { line, settings, io } = context;
    const show = await openShow(settings, io);
    const targets = await resolveTargets({ settings, names: line.operands, command: line.command }, io);
    const answers = await askAll(targets, context, (server) => kind.list(server));
    const errors = failuresIn(answers);
    const listed = answered(answers);
    if (listed.length > 0) {
      const groups = listed.map(({ server, value }) => ({
        name: server.name,
        rows: value.map((item) => kind.rowOf(item)),
      }));
      const lines = listed.flatMap(({ server, value }) => value.map((item) => ({ server: server.name, ...item })));
      await show({ value: asProtocol(kind, answers), body: { head: kind.head, groups, plural: kind.plural }, lines });
    }
    for (const [index, target] of targets.entries()) {
      const items = answers[index]?.value;
      if (items !== undefined) await onListed?.(target, items, io);
    }
    const code = await failWithAll(errors, context);
    return listed.length === 0 ? code : 0;
  };
}

/** The protocol's own result for one server; for several, that of each under its name. */
function asProtocol<Item>({ key }: ItemKind<Item>, answers: readonly Answer<readonly Item[]>[]): unknown {
  const [only] = answers;
  if (answers.length === 1) return { [key]: only?.value ?? [] };
  return { servers: Object.fromEntries(answers.map((answer) => [answer.server.name, ofServer(key, answer)])) };
}

function ofServer(key: string, { value, error }: Answer<unknown>): unknown {
  return error === undefined ? { [key]: value } : failureAsJson(error);
}

import { McpError } from './errors.ts';
import { excerpt } from './protocol/excerpt.ts';
import type { OnReport } from './protocol/report.ts';
import type { Tool } from './protocol/types.ts';
import { checkLock, definitionChanges, definitionText } from './tool-lock-compare.ts';
import type { ToolLock } from './tool-lock.ts';

const maxNamedFields = 5;

/** Tells which of the tools that a server lists are those that are known: by a lock, or by having been listed first. */
export class ToolJudge {
  /** The definition by which a tool is known, by its name. */
  readonly #known = new Map<string, string>();
  readonly #trusted = new Set<string>();
  readonly #isLocked: boolean;
  readonly #refuses: boolean;
  readonly #onReport: OnReport;
  readonly #reported = new Set<string>();
  /** Why calls of a tool are refused, by its name. */
  #refusals = new Map<string, string>();

  constructor(locked: readonly Tool[] | undefined, refuses: boolean, onReport: OnReport) {
    this.#isLocked = locked !== undefined;
    this.#refuses = refuses;
    this.#onReport = onReport;
    for (const tool of locked ?? []) this.#trust(tool.name, definitionText(tool));
  }

  /** Reports what is not known; where that is refused it stands in the list as it was known, or not at all. */
  judge(tools: readonly Tool[]): Tool[] {
    this.#refusals = new Map();
    return tools.flatMap((tool) => {
      const text = definitionText(tool);
      const known = this.#known.get(tool.name);
      if (known === undefined && !this.#isLocked) this.#trust(tool.name, text);
      if (this.#trusted.has(text)) return [tool];
      this.#report(tool, text, known);
      if (!this.#refuses) return [tool];
      return known === undefined ? [] : [JSON.parse(known) as Tool]; // The text was made of one.
    });
  }

  /** The error for a call of a tool that is not what it was. */
  refusalOf(name: string): McpError | undefined {
    const isUnknown = this.#isLocked && !this.#known.has(name);
    const reason = this.#refusals.get(name) ?? (isUnknown ? notLocked : undefined);
    if (reason === undefined) return undefined;
    const text = excerpt(
      `${name} was not called: the tool ${reason}. Look at what changed, and lock it again if that is right`,
    );
    return new McpError('tool-changed', text, { delivered: 'no' });
  }

  #trust(name: string, text: string): void {
    if (!this.#known.has(name)) this.#known.set(name, text);
    this.#trusted.add(text);
  }

  #report({ name }: Tool, text: string, known: string | undefined): void {
    const changes = known === undefined ? [] : definitionChanges(known, text);
    const reason = known === undefined ? notLocked : `is not what it was (${named(changes)})`;
    this.#refusals.set(name, reason);
    if (this.#reported.has(text)) return;
    this.#reported.add(text);
    this.#onReport({ kind: 'tool-changed', message: excerpt(`The tool ${name} ${reason}`), detail: { name, changes } });
  }
}

const notLocked = 'is not in the lock';

/** Makes the judge that these options ask for. */
export async function toolJudge(
  lock: ToolLock | (() => ToolLock | Promise<ToolLock>) | undefined,
  refuses: boolean,
  onReport: OnReport,
): Promise<ToolJudge> {
  const read = typeof lock === 'function' ? await lock() : lock;
  return new ToolJudge(read && (await checkLock(read)), refuses, onReport);
}

function named(changes: readonly { path: string }[]): string {
  const paths = changes.slice(0, maxNamedFields).map(({ path }) => path);
  return [...paths, ...(changes.length > maxNamedFields ? [`${changes.length - maxNamedFields} more`] : [])].join(', ');
}

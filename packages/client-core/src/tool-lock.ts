import type { Tool } from './protocol/types.ts';
import type { FieldChange } from './tool-lock-changes.ts';

/** What a tool is known by: a change of any of these is a change of the tool. */
export interface LockedTool extends Pick<
  Tool,
  'name' | 'title' | 'description' | 'inputSchema' | 'outputSchema' | 'annotations'
> {
  /** `sha256:` and the hexadecimal SHA-256 of the other fields as canonical JSON (RFC 8785). */
  hash: string;
}

/** The tools of one server as they were when somebody looked at them: plain JSON, to be kept in a file. */
export interface ToolLock {
  /** In the order of their names. */
  tools: LockedTool[];
}

/** A tool whose definition is another one than it was. */
export interface ChangedTool {
  name: string;
  changes: FieldChange[];
}

/** What became of the tools since they were locked; three empty lists when they are the same. */
export interface ToolDrift {
  added: Tool[];
  removed: LockedTool[];
  changed: ChangedTool[];
}

/** Locks these tools. The order of tools and of keys makes no difference; the result is the same for the same tools. */
export async function lockTools(tools: readonly Tool[]): Promise<ToolLock> {
  return (await import('./tool-lock-compare.ts')).makeLock(tools);
}

/** Tells what is different about these tools. Throws `config-invalid` for a lock that is none, or was changed by hand. */
export async function compareTools(lock: ToolLock, tools: readonly Tool[]): Promise<ToolDrift> {
  return (await import('./tool-lock-compare.ts')).findDrift(lock, tools);
}

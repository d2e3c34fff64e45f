import { McpError } from './errors.ts';
import { canonicalJson } from './protocol/canonical-json.ts';
import { quote } from './protocol/excerpt.ts';
import type { Tool } from './protocol/types.ts';
import { fieldChanges, type FieldChange } from './tool-lock-changes.ts';
import type { ChangedTool, LockedTool, ToolDrift, ToolLock } from './tool-lock.ts';

/** Does the work of `lockTools`. */
export async function makeLock(tools: readonly Tool[]): Promise<ToolLock> {
  const locked = await Promise.all(tools.map(lockTool));
  return { tools: locked.toSorted((one, other) => (sortKey(one) < sortKey(other) ? -1 : 1)) };
}

/** Does the work of `compareTools`. */
export async function findDrift(lock: ToolLock, tools: readonly Tool[]): Promise<ToolDrift> {
  const gone = new Map<string, LockedTool[]>();
  for (const tool of await checkLock(lock)) {
    const text = definitionText(tool);
    gone.set(text, [...(gone.get(text) ?? []), tool]);
  }
  const unknown = tools.filter((tool) => gone.get(definitionText(tool))?.pop() === undefined);
  const removed = [...gone.values()].flat();
  const added: Tool[] = [];
  const changed: ChangedTool[] = [];
  for (const tool of unknown) {
    const index = removed.findIndex(({ name }) => name === tool.name);
    const [before] = index === -1 ? [] : removed.splice(index, 1);
    if (before === undefined) added.push(tool);
    else changed.push({ name: tool.name, changes: definitionChanges(definitionText(before), definitionText(tool)) });
  }
  return { added, removed, changed };
}

/** The locked tools, once each has the hash of its own definition. */
export async function checkLock({ tools }: ToolLock): Promise<LockedTool[]> {
  if (!Array.isArray(tools)) throw invalidLock('it has no list of tools');
  for (const tool of tools) {
    if (typeof tool?.name !== 'string') throw invalidLock('one of its tools has no name');
    if ((await hashOf(definitionText(tool))) !== tool.hash)
      throw invalidLock(`the hash of ${quote(tool.name)} is not that of its definition, which was changed by hand`);
  }
  return tools;
}

/** The definition of a tool in canonical JSON. */
export function definitionText({ name, title, description, inputSchema, outputSchema, annotations }: Tool): string {
  return canonicalJson({ name, title, description, inputSchema, outputSchema, annotations });
}

/** The fields in which two definitions differ. */
export function definitionChanges(before: string, after: string): FieldChange[] {
  return fieldChanges(JSON.parse(before), JSON.parse(after));
}

async function lockTool(tool: Tool): Promise<LockedTool> {
  const text = definitionText(tool);
  const { name, ...definition } = JSON.parse(text) as Tool; // The text was made of one.
  return { name, hash: await hashOf(text), ...definition };
}

/** A server may list one name twice. */
function sortKey({ name, hash }: LockedTool): string {
  return `${name}\n${hash}`;
}

async function hashOf(text: string): Promise<string> {
  // Browsers have it on https: and localhost only.
  const subtle = globalThis.crypto?.subtle as SubtleCrypto | undefined;
  if (subtle === undefined)
    throw new McpError('config-invalid', 'A tool lock needs WebCrypto: use https:', { delivered: 'no' });
  const digest = await subtle.digest('SHA-256', new TextEncoder().encode(text));
  return `sha256:${Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

function invalidLock(what: string): McpError {
  return new McpError('config-invalid', `The tool lock cannot be used: ${what}; lock the tools again`, {
    delivered: 'no',
  });
}

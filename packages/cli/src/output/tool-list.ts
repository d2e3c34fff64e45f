import type { Tool } from '@toolwire/client-core';
import { sanitizeLine } from './sanitize.ts';

const maxNameWidth = 40;

/** The tools of one server and the name it is shown by. */
export interface ServerTools {
  readonly name: string;
  readonly tools: readonly Tool[];
}

/** One aligned line for each tool; under a heading for each server when there are several. Lines are cut to `columns`. */
export function formatToolList(servers: readonly ServerTools[], columns: number | undefined): string {
  const isGrouped = servers.length > 1;
  const names = servers.flatMap(({ tools }) => tools.map((tool) => sanitizeLine(tool.name).length));
  const width = Math.min(maxNameWidth, Math.max(0, ...names));
  const groups = servers.map(({ name, tools }) => {
    const lines = tools.map((tool) => cut(`${isGrouped ? '  ' : ''}${formatTool(tool, width)}`, columns));
    return isGrouped ? [sanitizeLine(name), ...(lines.length > 0 ? lines : ['  (no tools)'])] : lines;
  });
  return groups.map((lines) => lines.map((line) => `${line}\n`).join('')).join(isGrouped ? '\n' : '');
}

/** The first sentence of a text, on one line. */
export function firstSentence(text: string): string {
  const line = sanitizeLine(text);
  // A dot ends a sentence when a capital follows, so that "e.g. this" stays whole.
  const end = /[.!?](?= +\p{Lu})/u.exec(line);
  return end === null ? line : line.slice(0, end.index + 1);
}

function formatTool(tool: Tool, width: number): string {
  const summary = firstSentence(tool.description ?? tool.title ?? '');
  return `${sanitizeLine(tool.name).padEnd(width)}  ${summary}`.trimEnd();
}

function cut(line: string, columns: number | undefined): string {
  return columns !== undefined && columns > 1 && line.length >= columns ? `${line.slice(0, columns - 2)}…` : line;
}

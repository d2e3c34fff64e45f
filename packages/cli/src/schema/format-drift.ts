import type { FieldChange, ToolDrift } from '@toolwire/client-core';
import { safeJson, sanitizeLine } from '../output/sanitize.ts';

const maxValue = 2_000;

export function isSame({ added, removed, changed }: ToolDrift): boolean {
  return added.length + removed.length + changed.length === 0;
}

/** What is different about the tools of one server, field by field; `same` is said where nothing is. */
export function formatDrift(server: string, drift: ToolDrift, same: string): string {
  if (isSame(drift)) return `${sanitizeLine(server)}: ${same}\n`;
  const lines = [
    ...drift.changed.flatMap(({ name, changes }) => [
      `  changed  ${sanitizeLine(name)}`,
      ...changes.flatMap(formatChange),
    ]),
    ...drift.added.map(({ name }) => `  added    ${sanitizeLine(name)}`),
    ...drift.removed.map(({ name }) => `  removed  ${sanitizeLine(name)}`),
  ];
  return [sanitizeLine(server), ...lines].map((line) => `${line}\n`).join('');
}

/** A line for each difference, for programs. */
export function driftLines(server: string, { added, removed, changed }: ToolDrift): readonly object[] {
  return [
    ...changed.flatMap(({ name, changes }) =>
      changes.map((change) => ({ server, tool: name, difference: 'changed', ...change })),
    ),
    ...added.map((tool) => ({ server, tool: tool.name, difference: 'added', after: tool })),
    ...removed.map((tool) => ({ server, tool: tool.name, difference: 'removed', before: tool })),
  ];
}

function formatChange({ path, before, after }: FieldChange): readonly string[] {
  return [
    `    ${sanitizeLine(path)}`,
    ...(before === undefined ? [] : [`      - ${shown(before)}`]),
    ...(after === undefined ? [] : [`      + ${shown(after)}`]),
  ];
}

function shown(value: unknown): string {
  const text = safeJson(value, 0);
  return text.length <= maxValue ? text : `${text.slice(0, maxValue)}… and ${text.length - maxValue} characters more`;
}

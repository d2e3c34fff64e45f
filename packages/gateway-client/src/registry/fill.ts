import { McpError } from '@toolwire/client-core';
import type { RegistryInput } from './registry-server.ts';

/** Gives the value of an input; undefined when there is none. */
export type Ask = (input: RegistryInput) => string | undefined | Promise<string | undefined>;

/** The value of an input: what the registry fixes, what is given, or its default; undefined when it may be left out. */
export async function fill(input: RegistryInput, ask: Ask): Promise<string | undefined> {
  if (input.value !== undefined) return fillTemplate(input.value, input.variables, ask);
  const value = (await ask(input)) ?? input.default;
  if (value === undefined && input.isRequired) throw invalid(`A value for ${input.name} is missing`);
  if (value !== undefined && input.choices !== undefined && !input.choices.includes(value))
    throw invalid(`${input.name} must be one of ${input.choices.join(', ')}`);
  return value;
}

/** A text with the values of its `{variables}`; what has no value stays away. */
export async function fillTemplate(template: string, variables: readonly RegistryInput[], ask: Ask): Promise<string> {
  const values = new Map<string, string>();
  for (const variable of variables) values.set(variable.name, (await fill(variable, ask)) ?? '');
  return template.replaceAll(/\{([\w.-]+)\}/g, (whole, name: string) => values.get(name) ?? whole);
}

function invalid(problem: string): McpError {
  return new McpError('config-invalid', problem, { delivered: 'no' });
}

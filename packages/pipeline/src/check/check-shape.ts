import type { Problem } from '../problems.ts';
import * as rules from './rules.ts';
import { isObject, secretName, type Rule } from './rules.ts';

type Path = readonly (string | number)[];
/** The fields that an object may have; those that it must have end in `!`. */
type Fields = Readonly<Record<string, Rule>>;

const pipelineFields: Fields = {
  'name!': rules.name,
  version: rules.version,
  description: rules.text,
  input: rules.object,
  servers: rules.object,
  concurrency: rules.count,
  'steps!': (value) => (Array.isArray(value) && value.length > 0 ? undefined : 'a list of at least one step'),
  output: rules.anything,
};
const everyStep: Fields = { 'id!': rules.name, when: rules.condition, onError: rules.onError };
const repeated: Fields = { forEach: rules.list, key: rules.text };
const waiting: Fields = { timeout: rules.duration };
const stepFields: Readonly<Record<string, Fields>> = {
  call: {
    ...everyStep,
    ...repeated,
    ...waiting,
    'call!': rules.toolName,
    args: rules.object,
    output: rules.anything,
    idempotent: rules.flag,
    idempotencyKey: rules.text,
    reconcile: rules.object,
    retries: rules.object,
  },
  sleep: { ...everyStep, 'sleep!': rules.duration },
  approval: { ...everyStep, ...waiting, 'approval!': rules.text },
  webhook: { ...everyStep, ...waiting, 'webhook!': rules.text },
  pipeline: { ...everyStep, ...repeated, 'pipeline!': rules.object, input: rules.object },
};
const reconcileFields: Fields = {
  'call!': rules.toolName,
  args: rules.object,
  'found!': rules.text,
  as: rules.anything,
  settle: rules.duration,
};
const retriesFields: Fields = { attempts: rules.count, delay: rules.duration, onToolError: rules.texts };
const policyFields: Fields = {
  concurrency: rules.count,
  trustAnnotations: rules.flag,
  honoursIdempotencyKey: rules.flag,
};
/** What a path may begin with besides the ids of steps. */
const taken = ['input', 'steps', 'env', 'run', 'item', 'key', 'result', 'found', 'true', 'false', 'null', 'in'];

/** What is wrong with the fields of a definition, whatever it is. */
export function checkShape(definition: unknown, path: Path = [], around: readonly unknown[] = []): Problem[] {
  if (!isObject(definition)) return [problem(path, 'must be an object with a name and steps')];
  if (around.includes(definition)) return [problem(path, 'is part of itself: a pipeline cannot run itself')];
  const problems = checkFields(definition, pipelineFields, path);
  const { servers, steps } = definition;
  if (isObject(servers))
    for (const [name, server] of Object.entries(servers))
      problems.push(...checkServer(server, [...path, 'servers', name]));
  const ids = new Set<unknown>(taken);
  for (const [index, step] of Array.isArray(steps) ? steps.entries() : []) {
    problems.push(...checkStep(step, [...path, 'steps', index], [...around, definition]));
    const id = isObject(step) ? step['id'] : undefined;
    if (typeof id !== 'string') continue;
    if (ids.has(id))
      problems.push(problem([...path, 'steps', index, 'id'], `${JSON.stringify(id)} is taken; choose another`, id));
    ids.add(id);
  }
  return problems;
}

function checkStep(step: unknown, path: Path, around: readonly unknown[]): Problem[] {
  if (!isObject(step)) return [problem(path, 'must be an object with an id')];
  const kinds = Object.keys(stepFields).filter((kind) => kind in step);
  const [kind = ''] = kinds;
  const fields = stepFields[kind];
  const id = typeof step['id'] === 'string' ? step['id'] : undefined;
  if (fields === undefined || kinds.length > 1)
    return [problem(path, `must have one of ${Object.keys(stepFields).join(', ')}`, id)];
  const problems = checkFields(step, fields, path, id);
  if (isObject(step['reconcile']))
    problems.push(...checkFields(step['reconcile'], reconcileFields, [...path, 'reconcile'], id));
  if (isObject(step['retries']))
    problems.push(...checkFields(step['retries'], retriesFields, [...path, 'retries'], id));
  if (isObject(step['pipeline'])) problems.push(...checkShape(step['pipeline'], [...path, 'pipeline'], around));
  if ('key' in step && !('forEach' in step))
    problems.push(problem([...path, 'key'], 'key is of use with forEach only', id));
  return problems;
}

function checkServer(server: unknown, path: Path): Problem[] {
  if (!isObject(server)) return [problem(path, 'must be an object with a command or a url')];
  const policy = Object.fromEntries(Object.entries(server).filter(([key]) => key in policyFields));
  return [...checkFields(policy, policyFields, path), ...literalSecrets(server, path)];
}

function checkFields(value: Record<string, unknown>, fields: Fields, path: Path, step?: string): Problem[] {
  const problems: Problem[] = [];
  const known = new Set<string>();
  for (const [field, rule] of Object.entries(fields)) {
    const key = field.replace('!', '');
    known.add(key);
    const given = value[key];
    if (given === undefined && key === field) continue;
    const expected = rule(given);
    if (expected !== undefined) problems.push(problem([...path, key], `${key} must be ${expected}`, step));
  }
  for (const key of Object.keys(value))
    if (!known.has(key))
      problems.push(problem([...path, key], `${key} is not known here; there are ${[...known].join(', ')}`, step));
  return problems;
}

/** Servers are stored with each run: their secrets must not be. */
function literalSecrets(server: Record<string, unknown>, path: Path): Problem[] {
  return ['env', 'headers'].flatMap((group) => {
    const values = server[group];
    if (!isObject(values)) return [];
    return Object.entries(values).flatMap(([key, value]) => {
      const isLiteral = typeof value === 'string' && value !== '' && !value.includes('${');
      if (!isLiteral || !secretName.test(key)) return [];
      const advice = `${key} would be stored with every run; write \${NAME}, and set that variable`;
      return [problem([...path, group, key], advice)];
    });
  });
}

function problem(path: Path, message: string, step?: string): Problem {
  return { severity: 'error', message, path, ...(step !== undefined && { step }) };
}

import { isObject, readSchema } from '../arguments/schema.ts';
import { pascalCase } from './identifiers.ts';
import { typeOfSchema } from './type-of-schema.ts';

/** A type of its own in a generated file. */
export interface Definition {
  readonly name: string;
  readonly type: string;
}

/** The type of a root schema under `name`, and those of all that it refers to within itself. */
export function definitionsOf(name: string, root: unknown, taken: Set<string>): readonly Definition[] {
  const names = new Map([['#', name]]);
  const open: { name: string; schema: unknown }[] = [{ name, schema: root }];
  const nameOf = (reference: string): string | undefined => {
    const known = names.get(reference);
    if (known !== undefined) return isCircular(reference, root) ? undefined : known;
    const schema = readSchema({ $ref: reference }, root);
    if (Object.keys(schema).length === 0 || isCircular(reference, root)) return undefined;
    const given = free(name + pascalCase(reference.split('/').at(-1) ?? ''), taken);
    names.set(reference, given);
    open.push({ name: given, schema });
    return given;
  };
  const definitions: Definition[] = [];
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    definitions.push({ name: next.name, type: typeOfSchema(next.schema, nameOf) });
  }
  return definitions;
}

/** A name that is not taken yet: the wanted one, or that with a number. */
export function free(wanted: string, taken: Set<string>): string {
  let given = wanted;
  for (let count = 2; taken.has(given); count += 1) given = `${wanted}${count}`;
  taken.add(given);
  return given;
}

/** Whether a schema is said to be itself, with no object or list between: no type can say that. */
function isCircular(reference: string, root: unknown): boolean {
  const seen = new Set<string>();
  const open = [...besides(readSchema({ $ref: reference }, root))];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next === reference) return true;
    if (seen.has(next)) continue;
    seen.add(next);
    open.push(...besides(readSchema({ $ref: next }, root)));
  }
  return false;
}

/** The references of a schema that stand beside what it says itself. */
function besides(schema: unknown): readonly string[] {
  if (!isObject(schema)) return [];
  const branches = ['anyOf', 'oneOf', 'allOf'].flatMap((key) =>
    Array.isArray(schema[key]) ? (schema[key] as unknown[]) : [],
  );
  const own = typeof schema['$ref'] === 'string' ? [schema['$ref']] : [];
  return [...own, ...branches.flatMap(besides)];
}

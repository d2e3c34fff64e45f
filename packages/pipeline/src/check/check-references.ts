import type { PipelineDefinition, Step } from '../definition.ts';
import { isPipelineError } from '../errors.ts';
import { everyItem, parseExpression, type Path } from '../expression/parse-expression.ts';
import { expressionIn, pathsIn, pathsOf } from '../expression/template.ts';
import type { Problem } from '../problems.ts';

type Place = readonly (string | number)[];
/** A text that holds paths, and the names that they may begin with there. */
interface Reading {
  readonly place: Place;
  readonly paths: () => Path[];
  readonly names: readonly string[];
}

/** Whether everything that the texts of a definition refer to is there: input, earlier steps, the item. Its shape is right. */
export function checkReferences(definition: PipelineDefinition, place: Place = []): Problem[] {
  const earlier: Step[] = [];
  const problems: Problem[] = [];
  for (const [index, step] of definition.steps.entries()) {
    const here = [...place, 'steps', index];
    problems.push(...checkForEach(step, earlier, here));
    for (const reading of readingsOf(step, earlier, here))
      problems.push(...checkReading(reading, earlier).map((problem) => ({ ...problem, step: step.id })));
    if ('pipeline' in step) problems.push(...checkReferences(step.pipeline, [...here, 'pipeline']));
    earlier.push(step);
  }
  const output = template([...place, 'output'], definition.output, ['input', 'run']);
  problems.push(...checkReading(output, earlier));
  return problems;
}

function checkForEach(step: Step, earlier: readonly Step[], here: Place): Problem[] {
  if (!('forEach' in step) || typeof step.forEach !== 'string' || step.forEach.includes('${{')) return [];
  const source = earlier.find(({ id }) => id === step.forEach);
  if (source !== undefined && 'forEach' in source) return [];
  const why =
    source === undefined ? 'is no earlier step' : 'has no forEach; write ${{ steps.<id>.result }} for its result';
  return [error([...here, 'forEach'], `${JSON.stringify(step.forEach)} ${why}`, step.id)];
}

function readingsOf(step: Step, earlier: readonly Step[], here: Place): Reading[] {
  const plain = ['input', 'run'];
  const own = 'forEach' in step && step.forEach !== undefined ? [...plain, 'item', 'key'] : plain;
  const readings = [condition([...here, 'when'], step.when, own)];
  if ('forEach' in step) {
    const { forEach, key } = step;
    const isStep = earlier.some(({ id }) => id === forEach);
    if (!isStep) readings.push(template([...here, 'forEach'], forEach, plain));
    readings.push(template([...here, 'key'], key, [...plain, 'item']));
  }
  if ('approval' in step) readings.push(template([...here, 'approval'], step.approval, own));
  if ('pipeline' in step) readings.push(template([...here, 'input'], step.input, own));
  if (!('call' in step)) return readings;
  const { reconcile } = step;
  const atCall = [...own, 'env']; // Only what is filled in for a call is not stored.
  return [
    ...readings,
    template([...here, 'args'], step.args, atCall),
    template([...here, 'output'], step.output, [...own, 'result']),
    template([...here, 'reconcile', 'args'], reconcile?.args, atCall),
    condition([...here, 'reconcile', 'found'], reconcile?.found, [...own, 'result']),
    template([...here, 'reconcile', 'as'], reconcile?.as, [...own, 'result', 'found']),
  ];
}

function template(place: Place, value: unknown, names: readonly string[]): Reading {
  return { place, names, paths: () => pathsIn(value) };
}

function condition(place: Place, value: unknown, names: readonly string[]): Reading {
  return {
    place,
    names,
    paths: () => (typeof value === 'string' ? pathsOf(parseExpression(expressionIn(value))) : []),
  };
}

function checkReading({ place, paths, names }: Reading, earlier: readonly Step[]): Problem[] {
  try {
    return paths().flatMap((path) => {
      const problem = problemOf(path, names, earlier);
      return problem === undefined ? [] : [error(place, problem)];
    });
  } catch (cause) {
    if (!isPipelineError(cause)) throw cause;
    return [error(place, cause.message)];
  }
}

function problemOf({ root, parts }: Path, names: readonly string[], earlier: readonly Step[]): string | undefined {
  const ids = earlier.map(({ id }) => id);
  if (root === 'steps') {
    const [id, field] = parts;
    if (!ids.includes(String(id))) return `${shown(root, parts)}: no earlier step is called ${JSON.stringify(id)}`;
    return field === 'result' ? undefined : `${shown(root, parts)}: write steps.${String(id)}.result`;
  }
  if (names.includes(root) || ids.includes(root)) return undefined;
  const known = [...names, ...(ids.length > 0 ? ['steps'] : []), ...ids];
  return `${shown(root, parts)}: there is no ${root} here; there are ${known.join(', ')}`;
}

function shown(root: string, parts: Path['parts']): string {
  return [root, ...parts.map((part) => (part === everyItem ? '*' : part))].join('.');
}

function error(path: Place, message: string, step?: string): Problem {
  return { severity: 'error', message, path, ...(step !== undefined && { step }) };
}

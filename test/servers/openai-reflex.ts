import type { Model } from './openai.ts';
import { isObject, type JsonBody } from './openai-fault.ts';

/** A model for programs that only have to run: it calls the first tool that it is given, then says what the tool said. */
export const reflex: Model = ({ body }) => {
  const { messages, input, tools } = body;
  const items = [messages, input].flat().filter(isObject);
  const answer = items.find(({ role, type }) => role === 'tool' || type === 'function_call_output');
  if (answer !== undefined) return { text: `The tool says: ${JSON.stringify(answer['content'] ?? answer['output'])}` };
  const [first] = [tools].flat().filter(isObject);
  if (first === undefined) return { text: 'Hello.' };
  const definition = isObject(first['function']) ? first['function'] : first;
  return { calls: [{ name: String(definition['name']), arguments: example(definition['parameters']) }] };
};

/** A value that fits a simple schema. */
function example(schema: unknown): unknown {
  if (!isObject(schema)) return null;
  const { type, properties, enum: values } = schema;
  if (Array.isArray(values)) return values[0];
  if (type === 'object') return mapped(isObject(properties) ? properties : {});
  return { string: 'test data', integer: 123, number: 123, boolean: true, array: [] }[String(type)] ?? null;
}

function mapped(properties: JsonBody): JsonBody {
  return Object.fromEntries(Object.entries(properties).map(([key, schema]) => [key, example(schema)]));
}

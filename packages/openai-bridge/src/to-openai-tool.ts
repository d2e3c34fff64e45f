import { McpError, type JsonObject, type Tool } from '@toolwire/client-core';
import { checkOpenAITool } from './check-openai-tool.ts';
import { legalName } from './names.ts';
import { cleanSchema, type CleanSchema } from './schema/clean-schema.ts';
import { isObject, mapValues } from './schema/json.ts';
import { looseParameters } from './schema/loose-parameters.ts';
import { NotStrict, type Rewrite } from './schema/rewrite.ts';
import { strictSchema } from './schema/strict-schema.ts';
import type { ConvertedTool, Loss, OpenAIApi, OpenAIFunctionTool, ToOpenAIToolOptions } from './types.ts';

/**
 * Makes an OpenAI function tool of an MCP tool, and of any `inputSchema` one that OpenAI takes. With `strict: 'require'`
 * it throws an `McpError` (`unsupported-capability`) for a tool that cannot be strict.
 */
export function toOpenAITool<Api extends OpenAIApi>(
  tool: Pick<Tool, 'name' | 'title' | 'description'> & { readonly inputSchema: unknown },
  options: ToOpenAIToolOptions<Api>,
): ConvertedTool<Api> {
  const { api, strict = 'auto', name = legalName(tool.name), maxDescriptionLength = Infinity } = options;
  const clean = cleanSchema(tool.inputSchema);
  const { description, cut } = describe(tool, maxDescriptionLength);

  function build(isStrict: boolean, reasons: readonly Loss[] = []): ConvertedTool<Api> {
    const losses = [...cut, ...reasons, ...clean.losses];
    const rewrite = (isStrict ? strictSchema : looseParameters)(clean, (loss) => losses.push(loss));
    const fields = { name, ...(description !== '' && { description }), parameters: rewrite.schema, strict: isStrict };
    const converted = api === 'chat' ? { type: 'function', function: fields } : { type: 'function', ...fields };
    return {
      tool: converted as OpenAIFunctionTool<Api>, // The type asks for the same `api`.
      strict: isStrict,
      decode: decoderOf(rewrite, clean),
      losses: distinct(losses),
    };
  }

  if (strict === 'off') return build(false);
  const reason = tryStrict();
  if (typeof reason !== 'string') return reason;
  const what = `The tool ${tool.name} cannot be strict: ${reason}.`;
  if (strict === 'require') throw new McpError('unsupported-capability', what, { delivered: 'no' });
  return build(false, [{ path: 'inputSchema', keyword: '', kind: 'unenforced', what }]);

  function tryStrict(): ConvertedTool<Api> | string {
    try {
      const converted = build(true);
      const [violation] = checkOpenAITool(converted.tool, { api });
      return violation === undefined ? converted : violation.message.replace(/\.$/, '');
    } catch (error) {
      if (error instanceof NotStrict) return error.message;
      throw error;
    }
  }
}

function describe(tool: Pick<Tool, 'title' | 'description'>, maxLength: number): { description: string; cut: Loss[] } {
  const description = tool.description ?? tool.title ?? '';
  if (description.length <= maxLength) return { description, cut: [] };
  const what = `The description was cut from ${description.length} to ${maxLength} characters.`;
  const cut: Loss = { path: 'description', keyword: 'description', kind: 'shortened', what };
  const whole = description.slice(0, maxLength - 1).replace(/[\uD800-\uDBFF]$/, ''); // No half of a character.
  return { description: `${whole.trimEnd()}…`, cut: [cut] };
}

const maxDecodingSteps = 10_000;

function decoderOf({ decode = (value) => value }: Rewrite, { originalKeys }: CleanSchema): ConvertedTool['decode'] {
  return (args, onProblem = () => {}) => {
    try {
      const decoded = decode(args, { onProblem, budget: { left: maxDecodingSteps } });
      if (isObject(decoded)) return originalKeys.size === 0 ? decoded : (withKeys(decoded, originalKeys) as JsonObject);
      onProblem('They must be one JSON object.');
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      onProblem('They are nested too deep.'); // The stack was full.
    }
    return isObject(args) ? args : {};
  };
}

function withKeys(value: unknown, originalKeys: CleanSchema['originalKeys']): unknown {
  if (Array.isArray(value)) return value.map((item) => withKeys(item, originalKeys));
  if (!isObject(value)) return value;
  const members = mapValues(value, (member) => withKeys(member, originalKeys));
  return Object.fromEntries(Object.entries(members).map(([key, member]) => [originalKeys.get(key) ?? key, member]));
}

function distinct(losses: readonly Loss[]): Loss[] {
  return [...new Map(losses.map((loss) => [`${loss.path} ${loss.keyword} ${loss.what}`, loss])).values()];
}

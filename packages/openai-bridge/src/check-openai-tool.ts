import { checkCommonRules } from './check/common-rules.ts';
import { isRecord } from './check/every-schema.ts';
import { checkLimits } from './check/limits.ts';
import { checkStrictRules } from './check/strict-rules.ts';
import type { OpenAIViolation, Report } from './check/violation.ts';
import type { OpenAIApi } from './types.ts';

/** In which API a tool is to be used. */
export interface CheckOptions {
  readonly api: OpenAIApi;
}

const maxNameLength: Readonly<Record<OpenAIApi, number>> = { chat: 64, responses: 128 };

/**
 * Checks a function tool, made by anyone, against OpenAI's rules: what it lists, the API answers with status 400, and for
 * the whole request. Strict rules apply where the tool says `strict: true`. Nothing is sent.
 */
export function checkOpenAITool(tool: unknown, { api }: CheckOptions): OpenAIViolation[] {
  const violations: OpenAIViolation[] = [];
  const isChat = api === 'chat';
  const fields = isRecord(tool) ? (isChat ? tool['function'] : tool) : undefined;
  if (!isRecord(tool) || tool['type'] !== 'function' || !isRecord(fields)) {
    const shape = isChat ? '{ type: "function", function: { name, … } }' : '{ type: "function", name, … }';
    return [{ path: '', rule: 'shape', message: `A tool for this API has the form ${shape}.` }];
  }
  const reportAt =
    (start: string): Report =>
    (path, rule, message) =>
      violations.push({ path: `${start}${path}`, rule, message });
  const inFields = reportAt(isChat ? 'function.' : '');
  const { name, description, parameters, strict } = fields;
  if (typeof name !== 'string' || !/^[\w-]+$/.test(name) || name.length > maxNameLength[api])
    inFields('name', 'A5', `A name has 1 to ${maxNameLength[api]} letters, digits, "_" and "-".`);
  if (!isMissing(description) && typeof description !== 'string')
    inFields('description', 'shape', 'It must be a text.');
  if (!isMissing(strict) && typeof strict !== 'boolean') inFields('strict', 'shape', 'It must be true or false.');
  if (isMissing(parameters)) return violations; // No parameters.
  const inParameters = reportAt(isChat ? 'function.parameters' : 'parameters');
  checkCommonRules(parameters, inParameters);
  if (strict === true) {
    checkStrictRules(parameters, inParameters);
    checkLimits(parameters, inParameters);
  }
  return violations;
}

/** Checks the tools of one request: each by itself, and that no two have the same name. */
export function checkOpenAITools(tools: readonly unknown[], options: CheckOptions): OpenAIViolation[] {
  const seen = new Set<unknown>();
  return tools.flatMap((tool, index) => {
    const violations = checkOpenAITool(tool, options);
    const fields = isRecord(tool) && isRecord(tool['function']) ? tool['function'] : tool;
    const name = isRecord(fields) ? fields['name'] : undefined;
    if (typeof name === 'string' && seen.has(name))
      violations.push({ path: 'name', rule: 'A5', message: `There is another tool with the name ${name}.` });
    seen.add(name);
    return violations.map((violation) => ({ ...violation, path: `[${index}].${violation.path}` }));
  });
}

function isMissing(value: unknown): boolean {
  return value === undefined || value === null;
}

/** What one request says about tools, besides naming them. */
export type ToolChoice<Choice> = (isFirst: boolean) => { tool_choice: Choice } | Record<string, never>;

/**
 * The caller's `tool_choice`: tools may be named as people name them. It holds for the first request; a model that must
 * call a tool each time never comes to an end.
 */
export function toolChoice<Choice>(wanted: Choice | undefined, pin: (name: string) => string): ToolChoice<Choice> {
  if (wanted === undefined || wanted === null) return () => ({});
  const first = renamed(wanted, pin);
  return (isFirst) => ({ tool_choice: isFirst ? first : relaxed(first) });
}

/** In all its forms, a choice says `name` of nothing but tools. */
function renamed<Choice>(choice: Choice, pin: (name: string) => string): Choice {
  return JSON.parse(JSON.stringify(choice), (key, value: unknown) =>
    key === 'name' && typeof value === 'string' ? pin(value) : value,
  ) as Choice;
}

function relaxed<Choice>(choice: Choice): Choice {
  const isAllowedTools =
    typeof choice === 'object' && choice !== null && 'type' in choice && choice.type === 'allowed_tools';
  if (!isAllowedTools) return (choice === 'none' ? choice : 'auto') as Choice; // Both APIs have both words.
  return JSON.parse(JSON.stringify(choice), (key, value: unknown) => (key === 'mode' ? 'auto' : value)) as Choice;
}

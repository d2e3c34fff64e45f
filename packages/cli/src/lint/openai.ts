import type { Tool } from '@toolwire/client-core';
import { createBridge } from '@toolwire/openai-bridge';
import type { Finding } from './rule.ts';

const leftOut = 'Write a schema that a model can be given';
const loose = 'Where the model must be held to the schema, write it without what OpenAI does not know';

/** What becomes of the tools when a model of OpenAI is given them. */
export async function openaiFindings(tools: readonly Tool[]): Promise<readonly Finding[]> {
  const bridge = createBridge({
    listTools: () => Promise.resolve([...tools]),
    callTool: () => Promise.reject(new Error('Only the list is looked at')),
  });
  await bridge.tools('responses');
  const { tools: converted = [], quarantined = [] } = bridge.report() ?? {};
  const outs = quarantined.map(({ tool, reason }): Finding => ({
    level: 'error',
    rule: 'openai-left-out',
    tool,
    what: reason,
    advice: leftOut,
  }));
  const losses = converted.flatMap(({ tool, losses: lost }): readonly Finding[] => {
    // That keys which it does not name cannot be sent is as good for a model as for the server.
    const what = [...new Set(lost.filter(({ kind }) => kind !== 'narrowed').map((loss) => loss.what))].join('; ');
    return what === '' ? [] : [{ level: 'note', rule: 'openai-loss', tool, what, advice: loose }];
  });
  return [...outs, ...losses];
}

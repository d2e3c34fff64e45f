import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** A tool as a server lists it; its schema may be anything. */
export interface ListedTool {
  readonly name: string;
  readonly description?: string;
  readonly inputSchema: unknown;
}

const corpus = new URL('../../../../shared/corpus/', import.meta.url);

/** Whether the real tools are there: they are not part of the repository. */
export const hasCorpus: boolean = existsSync(new URL('tools.jsonl.gz', corpus));

/** Some 70 schemas of every kind: what broke other clients, some of real tools, and odd ones. */
export function fixtureTools(): ListedTool[] {
  return JSON.parse(readFileSync(new URL('schema-fixture.json', import.meta.url), 'utf8')) as ListedTool[];
}

/** Some 2,400 tools of published servers. */
export function realTools(): ListedTool[] {
  const lines = gunzipSync(readFileSync(new URL('tools.jsonl.gz', corpus)))
    .toString()
    .trim()
    .split('\n');
  return lines.map((line) => (JSON.parse(line) as { tool: ListedTool }).tool);
}

/** Tools that broke other clients. */
export function brokenTools(): ListedTool[] {
  const text = readFileSync(new URL('broken-schemas.json', corpus), 'utf8');
  return (JSON.parse(text) as { tool: ListedTool }[]).map(({ tool }) => tool);
}

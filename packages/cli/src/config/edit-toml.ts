import { parse, stringify } from 'smol-toml';

/**
 * The text with the tables of `path` replaced by those of `value`, or without them; all other lines stay as they are.
 * What stands there in another form than tables of its own is left: the caller sees that nothing came of it.
 */
export function editToml(text: string, path: readonly string[], value: object | undefined): string {
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  const lines = text.split(/\r?\n/);
  const kept: string[] = [];
  let place: number | undefined;
  let block: string[] | undefined;
  for (const [index, line] of [...lines, undefined].entries()) {
    const header = line === undefined ? [] : headerOf(line, lines.slice(0, index));
    if (header !== undefined) {
      kept.push(...commentsAfter(block ?? []));
      block = path.every((step, depth) => header[depth] === step) ? [] : undefined;
      if (block !== undefined) place ??= kept.length;
    }
    if (line !== undefined) (block ?? kept).push(line);
  }
  const at = place ?? kept.length;
  const tables =
    value === undefined ? '' : stringify(path.reduceRight<object>((whole, step) => ({ [step]: whole }), value));
  return joined(kept.slice(0, at), tables.split('\n'), kept.slice(at)).replaceAll('\n', lineEnd);
}

/** The comments at the end of a block of tables that stand apart from it: they are about what follows. */
function commentsAfter(block: readonly string[]): readonly string[] {
  const last = block.findLastIndex((line) => !/^\s*(?:#|$)/.test(line));
  const after = block.slice(last + 1);
  const gap = after.findIndex((line) => line.trim() === '');
  return gap === -1 ? [] : after.slice(gap + 1);
}

/** The names in the header of a table: `[mcp_servers."my server".env]`. */
function headerOf(line: string, before: readonly string[]): readonly string[] | undefined {
  if (!/^\s*\[/.test(line) || !isWhole(before)) return undefined;
  try {
    const names: string[] = [];
    for (let table: unknown = parse(line); isTable(table);) {
      const [[name, inner] = []] = Object.entries(table);
      if (name !== undefined) names.push(name);
      table = Array.isArray(inner) ? undefined : inner;
    }
    return names;
  } catch {
    return undefined;
  }
}

/** False where the next line is one of a list or of a long text that has begun. */
function isWhole(lines: readonly string[]): boolean {
  try {
    parse(lines.join('\n'));
    return true;
  } catch {
    return false;
  }
}

function isTable(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** Parts of a file with one empty line between them, and one line end at its end. */
function joined(...parts: readonly (readonly string[])[]): string {
  const texts = parts
    .map((part) => part.join('\n').replaceAll(/^(?:[ \t]*\n)+|\s+$/g, ''))
    .filter((part) => part !== '');
  return texts.length === 0 ? '' : `${texts.join('\n\n')}\n`;
}

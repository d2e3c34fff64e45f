import { applyEdits, findNodeAtLocation, modify, parseTree, type Node } from 'jsonc-parser';

/** The text with `value` at `path`, or without anything there; comments, order and layout of all else stay. */
export function editJson(text: string, path: readonly string[], value: unknown): string {
  const [mark, json] = text.startsWith('\uFEFF') ? ['\uFEFF', text.slice(1)] : ['', text];
  const source = json.trim() === '' ? '{}\n' : json;
  const layout = layoutOf(source);
  const root = parseTree(source);
  const there = root && findNodeAtLocation(root, [...path]);
  if (value === undefined) {
    const property = there?.parent;
    const lines = property && withoutLines(source, property);
    return mark + (lines ?? applyEdits(source, modify(source, [...path], undefined, {})));
  }
  if (there !== undefined) return mark + replaced(source, there, format(value, indentAt(source, there.offset), layout));
  for (let depth = path.length - 1; depth >= 0; depth--) {
    const parent = root && findNodeAtLocation(root, path.slice(0, depth));
    if (parent === undefined) continue;
    const [name = '', ...deeper] = path.slice(depth);
    const inner = deeper.reduceRight<unknown>((whole, step) => ({ [step]: whole }), value);
    if (parent.type === 'object') return mark + inserted(source, parent, name, inner, layout);
    // Editors write null for what is left empty.
    if (parent.type !== 'null') break;
    return mark + replaced(source, parent, format({ [name]: inner }, indentAt(source, parent.offset), layout));
  }
  throw new Error('There is no object to add it to');
}

/** A comma and a comment that end a line. */
const restOfLine = /^[ \t]*,?[ \t]*(?:\/\/[^\r\n]*|\/\*[^*]*\*\/[ \t]*)?(?=\r?\n)/;

interface Layout {
  readonly unit: string;
  readonly lineEnd: string;
}

/** The layout that a file has, as its first indented line shows it. */
function layoutOf(text: string): Layout {
  return { unit: /\n([ \t]+)\S/.exec(text)?.[1] ?? '  ', lineEnd: text.includes('\r\n') ? '\r\n' : '\n' };
}

function replaced(text: string, { offset, length }: Node, by: string): string {
  return text.slice(0, offset) + by + text.slice(offset + length);
}

/** The text with one more property at the end of `parent`, after a comment that its last one has on the same line. */
function inserted(text: string, parent: Node, name: string, value: unknown, layout: Layout): string {
  const { unit, lineEnd } = layout;
  const last = parent.children?.at(-1);
  const outer = indentAt(text, parent.offset);
  const property = (indent: string): string => `${JSON.stringify(name)}: ${format(value, indent, layout)}`;
  if (last === undefined) {
    const start = parent.offset + 1;
    const isOpen = text.slice(start, parent.offset + parent.length).includes('\n');
    const line = `${lineEnd}${outer}${unit}${property(outer + unit)}${isOpen ? '' : lineEnd + outer}`;
    return text.slice(0, start) + line + text.slice(start);
  }
  const end = last.offset + last.length;
  const rest = text.slice(end, parent.offset + parent.length);
  const tail = restOfLine.exec(rest)?.[0];
  if (tail === undefined)
    return `${text.slice(0, end)}, ${JSON.stringify(name)}: ${JSON.stringify(value)}${text.slice(end)}`;
  const hasComma = /^[ \t]*,/.test(tail);
  const indent = indentAt(text, last.offset);
  const line = `${lineEnd}${indent}${property(indent)}${hasComma ? ',' : ''}`;
  return text.slice(0, end) + (hasComma ? '' : ',') + tail + line + text.slice(end + tail.length);
}

/** The text without the lines of a property; nothing where it shares them with others. */
function withoutLines(text: string, property: Node): string | undefined {
  const start = text.lastIndexOf('\n', property.offset - 1) + 1;
  const end = property.offset + property.length;
  const tail = restOfLine.exec(text.slice(end))?.[0];
  if (tail === undefined || text.slice(start, property.offset).trim() !== '') return undefined;
  const siblings = property.parent?.children ?? [];
  const before = siblings[siblings.indexOf(property) - 1];
  const kept = text.slice(0, start).replace(/\r?\n$/, '');
  const isLast = siblings.at(-1) === property;
  if (!isLast || before === undefined || tail.trimStart().startsWith(',')) return kept + text.slice(end + tail.length);
  const comma = before.offset + before.length;
  return kept.slice(0, comma) + kept.slice(comma).replace(/^[ \t]*,/, '') + text.slice(end + tail.length);
}

/** The blanks that the line at `offset` begins with. */
function indentAt(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', offset - 1) + 1))?.[0] ?? '';
}

function format(value: unknown, indent: string, { unit, lineEnd }: Layout): string {
  return JSON.stringify(value, undefined, unit).replaceAll('\n', lineEnd + indent);
}

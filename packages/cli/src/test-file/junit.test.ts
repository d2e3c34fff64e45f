import { expect, test } from 'vitest';
import { formatJunit } from './junit.ts';

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  readonly text: string;
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decode(text: string): string {
  expect(text).not.toMatch(/[<>]|&(?!(amp|lt|gt|quot|apos);)/);
  return text.replaceAll(/&(\w+);/g, (_all, name: string) => entities[name] ?? '');
}

/** Reads XML of elements, attributes in double quotes and text; fails for what is not well formed. */
function parseXml(xml: string): Element {
  // eslint-disable-next-line no-control-regex -- what XML 1.0 has no words for
  expect(xml).not.toMatch(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/);
  expect(xml.isWellFormed()).toBe(true);
  let rest = xml.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, '');
  function readElement(): Element {
    const [tag, name = '', written = '', isEmpty] = /^<([a-z]+)((?: [a-z]+="[^"<]*")*)(\/)?>/.exec(rest) ?? [];
    if (tag === undefined) throw new Error(`No element: ${rest.slice(0, 60)}`);
    rest = rest.slice(tag.length);
    const pairs = [...written.matchAll(/ ([a-z]+)="([^"]*)"/g)];
    const attributes = Object.fromEntries(pairs.map(([, key, value = '']) => [key, decode(value)]));
    const children: Element[] = [];
    let text = '';
    if (isEmpty !== undefined) return { name, attributes, children, text };
    while (!rest.startsWith(`</${name}>`)) {
      const [plain = ''] = /^[^<]*/.exec(rest) ?? [];
      text += decode(plain);
      rest = rest.slice(plain.length);
      if (!rest.startsWith('</')) children.push(readElement());
    }
    rest = rest.slice(name.length + 3);
    return { name, attributes, children, text };
  }
  const root = readElement();
  expect(rest.trim()).toBe('');
  return root;
}

const evil = `<a href="x">&amp; ]]> '\u0000\u001b\ud800\uffff tea'`;
const readable = `<a href="x">&amp; ]]> '\ufffd\ufffd\ufffd\ufffd tea'`;

test('a report is well formed, whatever a server says', () => {
  const root = parseXml(
    formatJunit([
      {
        file: `${evil}.yaml`,
        tests: [
          { name: evil, outcome: 'passed', durationMs: 1_234, problems: [] },
          {
            name: 'b',
            outcome: 'failed',
            durationMs: 6,
            problems: [
              { expectation: 'text', message: evil, expected: 'one\ntwo', actual: evil },
              { expectation: 'within', message: 'late' },
            ],
          },
          { name: 'c', outcome: 'skipped', durationMs: 0, problems: [] },
        ],
      },
      { file: 'empty.yaml', tests: [] },
    ]),
  );
  expect(root).toMatchObject({
    name: 'testsuites',
    attributes: { name: 'mcp test', tests: '3', failures: '1', errors: '0', time: '1.240' },
  });
  expect(root.children).toHaveLength(2);
  const [suite] = root.children;
  expect(suite?.attributes).toEqual({
    name: `${readable}.yaml`,
    tests: '3',
    failures: '1',
    errors: '0',
    skipped: '1',
    time: '1.240',
  });
  const [passed, failed, skipped] = suite?.children ?? [];
  expect(passed?.attributes).toEqual({ name: readable, classname: `${readable}.yaml`, time: '1.234' });
  expect(failed?.children).toHaveLength(1);
  expect(failed?.children[0]).toMatchObject({ name: 'failure', attributes: { type: 'text' } });
  expect(failed?.children[0]?.attributes['message']).toBe(
    String.raw`<a href="x">&amp; ]]> '\x00\x1b` + `\ufffd\ufffd tea'`,
  );
  expect(failed?.children[0]?.text).toMatch(/^text: .+\n- one\n- two\n\+ .+\nwithin: late$/s);
  expect(skipped?.children).toMatchObject([{ name: 'skipped' }]);
});

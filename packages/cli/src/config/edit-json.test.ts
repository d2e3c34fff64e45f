import { parseConfigText } from '@toolwire/client-core';
import { describe, expect, test } from 'vitest';
import { editJson } from './edit-json.ts';

const entry = { command: 'a', args: ['b'] };

/** A file with everything that must stay: comments, tabs, a trailing comma. */
const written = `{
	// ours
	"model": "x", // which one
	"mcpServers": {
		"y": { "command": "z" }, // the first
		/* the second */
		"w": { "command": "v" } // its comment
	},
}
`;

test('an entry is added after the last, with the layout of the file', () => {
  expect(editJson(written, ['mcpServers', 'x'], entry)).toBe(
    written.replace(
      '"w": { "command": "v" } // its comment',
      '"w": { "command": "v" }, // its comment\n\t\t"x": {\n\t\t\t"command": "a",\n\t\t\t"args": [\n\t\t\t\t"b"\n\t\t\t]\n\t\t}',
    ),
  );
});

test('an entry is replaced where it stands', () => {
  expect(editJson(written, ['mcpServers', 'y'], { url: 'http://x/' })).toBe(
    written.replace('{ "command": "z" }', '{\n\t\t\t"url": "http://x/"\n\t\t}'),
  );
});

describe('an entry is removed with its lines', () => {
  test('before others', () => {
    expect(editJson(written, ['mcpServers', 'y'], undefined)).toBe(
      written.replace('\t\t"y": { "command": "z" }, // the first\n', ''),
    );
  });

  test('after others, with the comma before it', () => {
    expect(editJson(written, ['mcpServers', 'w'], undefined)).toBe(
      written
        .replace('\n\t\t"w": { "command": "v" } // its comment', '')
        .replace('"z" }, // the first', '"z" } // the first'),
    );
  });
});

test('a file that is empty, or has no servers yet, gets them', () => {
  const fresh =
    '{\n  "mcpServers": {\n    "x": {\n      "command": "a",\n      "args": [\n        "b"\n      ]\n    }\n  }\n}\n';
  expect(editJson('', ['mcpServers', 'x'], entry)).toBe(fresh);
  expect(editJson('{}\n', ['mcpServers', 'x'], entry)).toBe(fresh);
  expect(editJson('{\n  "mcpServers": {\n  }\n}\n', ['mcpServers', 'x'], entry)).toBe(fresh);
});

test.each(['{"mcpServers":{"y":{"command":"z"}}}', '{"a":1,"mcpServers":{}}', '\uFEFF{\r\n  "a": 1\r\n}\r\n', written])(
  'whatever the layout, adding and removing is all that happens: %j',
  (text) => {
    const added = editJson(text, ['mcpServers', 'x y'], entry);
    const before = parseConfigText(text, 'f') as { mcpServers?: object };
    expect(parseConfigText(added, 'f')).toEqual({ ...before, mcpServers: { ...before.mcpServers, 'x y': entry } });
    expect(added.includes('\r\n')).toBe(text.includes('\r\n'));
    const removed = editJson(added, ['mcpServers', 'x y'], undefined);
    expect(parseConfigText(removed, 'f')).toEqual({ ...before, mcpServers: { ...before.mcpServers } });
  },
);

test('null is taken for an object without servers', () => {
  const added = editJson('{"mcpServers": null}', ['mcpServers', 'x'], entry);
  expect(JSON.parse(added)).toEqual({ mcpServers: { x: entry } });
});

test.each(['[]', '5', '{"mcpServers": []}', '{"mcpServers": "x"}'])('%s is left alone', (text) => {
  expect(() => editJson(text, ['mcpServers', 'x'], entry)).toThrow('no object');
});

import { parse } from 'smol-toml';
import { expect, test } from 'vitest';
import { editToml } from './edit-toml.ts';

const written = `# Mine
model = "o3" # the good one

[mcp_servers.a] # with a comment
command = "a"
args = [
  "x",
  ["y"]
]

[mcp_servers.a.env]
A = "b"

[mcp_servers."b c"]
url = "http://x/"

[tui]
x = 1
`;

const path = (name: string): string[] => ['mcp_servers', name];

test('a server is added at the end', () => {
  const entry = { command: 'q', args: ['1'], env: { K: 'v' } };
  expect(editToml(written, path('new'), entry)).toBe(
    `${written}\n[mcp_servers.new]\ncommand = "q"\nargs = [ "1" ]\n\n[mcp_servers.new.env]\nK = "v"\n`,
  );
  expect(parse(editToml('', path('new'), entry))).toEqual({ mcp_servers: { new: entry } });
});

test('a server is replaced where it stands, with all its tables', () => {
  expect(editToml(written, path('a'), { command: 'q' })).toBe(
    written.replace(/\[mcp_servers\.a\][^]*A = "b"/, '[mcp_servers.a]\ncommand = "q"'),
  );
});

test('a server is removed with all its tables; its name may need quotes', () => {
  expect(editToml(written, path('a'), undefined)).toBe(written.replace(/\[mcp_servers\.a\][^]*A = "b"\n\n/, ''));
  expect(editToml(written, path('b c'), undefined)).toBe(
    written.replace('[mcp_servers."b c"]\nurl = "http://x/"\n\n', ''),
  );
});

test('a comment about what follows stays', () => {
  const text = '[mcp_servers.a]\ncommand = "a"\n# of a\n\n# of the screen\n[tui]\nx = 1\n\n# last\n';
  expect(editToml(text, path('a'), undefined)).toBe('# of the screen\n[tui]\nx = 1\n\n# last\n');
  const end = '[tui]\nx = 1\n\n[mcp_servers.a]\ncommand = "a"\n\n# last\n';
  expect(editToml(end, path('a'), { command: 'b' })).toBe(end.replace('"a"', '"b"'));
});

test('lines end as they did', () => {
  const text = written.replaceAll('\n', '\r\n');
  const changed = editToml(text, path('a'), { command: 'q' });
  expect(changed.replaceAll('\r\n', '\n')).toBe(editToml(written, path('a'), { command: 'q' }));
  expect(changed.replaceAll('\r\n', '')).not.toContain('\n');
});

import { expect, test } from 'vitest';
import { findPlaces, shownPath } from './places.ts';

test.each<[NodeJS.Platform, Record<string, string>, Record<string, string>]>([
  ['linux', { HOME: '/h' }, { config: '/h/.config', applications: '/h/.config', state: '/h/.local/state' }],
  [
    'linux',
    { HOME: '/h', XDG_CONFIG_HOME: '/c', XDG_STATE_HOME: '/s' },
    { config: '/c', applications: '/c', state: '/s' },
  ],
  [
    'linux',
    { HOME: '/h', XDG_CONFIG_HOME: 'relative', XDG_STATE_HOME: '' },
    { config: '/h/.config', state: '/h/.local/state' },
  ],
  ['darwin', { HOME: '/h' }, { config: '/h/.config', applications: '/h/Library/Application Support' }],
  [
    'win32',
    { USERPROFILE: String.raw`C:\h`, APPDATA: String.raw`C:\a`, LOCALAPPDATA: String.raw`C:\l` },
    { config: String.raw`C:\a`, applications: String.raw`C:\a`, state: String.raw`C:\l` },
  ],
])('on %s with %j', (platform, env, places) => {
  expect(findPlaces({ env, cwd: '/', platform })).toMatchObject(places);
});

test('without a home folder there are none', () => {
  expect(findPlaces({ env: {}, cwd: '/' })).toBeUndefined();
  expect(findPlaces({ env: { HOME: '' }, cwd: '/' })).toBeUndefined();
});

test.each([
  ['/h/p/mcp.json', 'mcp.json'],
  ['/h/p/.vscode/mcp.json', '.vscode/mcp.json'],
  ['/h/.config/mcp/mcp.json', '~/.config/mcp/mcp.json'],
  ['/etc/mcp.json', '/etc/mcp.json'],
  ['/h/pq/mcp.json', '~/pq/mcp.json'],
])('%s is shown as %s', (file, shown) => {
  expect(shownPath(file, { env: { HOME: '/h' }, cwd: '/h/p' })).toBe(shown);
});

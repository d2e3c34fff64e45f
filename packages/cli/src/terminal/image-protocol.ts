import type { Io } from '../io.ts';

/** How terminals are sent images. */
export type ImageProtocol = 'kitty' | 'iterm2' | 'sixel';

const protocols: readonly ImageProtocol[] = ['kitty', 'iterm2', 'sixel'];

/** Terminals by a variable that they set; the first that fits counts. */
const known: readonly (readonly [variable: string, value: RegExp, protocol: ImageProtocol])[] = [
  ['TERM_PROGRAM', /^(iTerm\.app|WezTerm|mintty)$/, 'iterm2'],
  ['LC_TERMINAL', /^iTerm2$/, 'iterm2'], // ssh carries it over.
  ['KITTY_WINDOW_ID', /./, 'kitty'],
  ['TERM_PROGRAM', /^ghostty$/, 'kitty'],
  ['TERM', /^xterm-(kitty|ghostty)$/, 'kitty'],
  ['KONSOLE_VERSION', /^2[2-9]\d{4}$/, 'kitty'],
  ['TERM', /^(foot|mlterm|contour|yaft)/, 'sixel'],
];

/**
 * The images that a terminal takes, by what its environment says: `unknown` where only it can tell. `MCP_IMAGES` decides
 * before all: one of the protocols, or `off`.
 */
export function imageProtocol(env: Io['env']): ImageProtocol | 'none' | 'unknown' {
  const { MCP_IMAGES: wish, TERM: term = '' } = env;
  if (wish !== undefined) return protocols.find((protocol) => protocol === wish) ?? 'none';
  if (term === '' || term === 'dumb' || term === 'linux') return 'none';
  // What stands between takes no other terminal's images; what it takes itself, it says.
  if (env['TMUX'] !== undefined || env['STY'] !== undefined || /^(screen|tmux)/.test(term)) return 'unknown';
  return known.find(([variable, value]) => value.test(env[variable] ?? ''))?.[2] ?? 'unknown';
}

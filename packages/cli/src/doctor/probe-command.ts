import type { StdioServerConfig } from '@toolwire/client-core';
import { blocked, type Finding, type Probe } from './finding.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const interpreters = /^(?:node|bun|tsx|python[\d.]*|ruby|java|sh|bash)(?:\.exe)?$/;

/** Looks for the folder that a server is to start in, for its program, and for the script that this is to run. */
export function commandProbes(
  { command, args = [], cwd, env }: StdioServerConfig,
  ours: Environment,
): readonly Probe[] {
  const path = process.getBuiltinModule('node:path');
  const folder = cwd ?? process.cwd();
  const [script = '-'] = interpreters.test(path.basename(command)) ? args : [];
  const probes = [
    () => probeProgram(command, folder, env?.['PATH'] ?? ours['PATH'] ?? process.env['PATH'] ?? ''),
    () => probeScript(path.resolve(folder, script)),
  ];
  return script.startsWith('-') ? probes.slice(0, 1) : probes;
}

function probeProgram(command: string, folder: string, searched: string): Finding {
  if (!isThere(folder)) return blocked('command', `The folder ${folder} does not exist`, 'Correct "cwd"');
  const program = findProgram(command, folder, searched);
  return program === undefined ? missing(command, folder) : { step: 'command', ok: true, message: program };
}

function probeScript(file: string): Finding {
  if (isThere(file)) return { step: 'command', ok: true, message: file };
  return blocked('command', `${file} does not exist`, 'Correct "args", or "cwd", which relative paths start from');
}

function missing(command: string, folder: string): Finding {
  const isPath = /[\\/]/.test(command);
  const where = isPath
    ? `${process.getBuiltinModule('node:path').resolve(folder, command)} does not exist`
    : `${command} is not on PATH`;
  return blocked('command', where, runners.get(command) ?? 'Install it, or write its whole path as "command"');
}

function isThere(path: string): boolean {
  return process.getBuiltinModule('node:fs').existsSync(path);
}

function findProgram(command: string, folder: string, searched: string): string | undefined {
  const path = process.getBuiltinModule('node:path');
  const { statSync } = process.getBuiltinModule('node:fs');
  const isPath = /[\\/]/.test(command);
  const folders = isPath ? [folder] : searched.split(path.delimiter);
  const endings = process.platform === 'win32' ? ['', '.exe', '.cmd', '.bat'] : [''];
  const candidates = folders.flatMap((place) => endings.map((ending) => path.resolve(place, command + ending)));
  return candidates.find((candidate) => statSync(candidate, { throwIfNoEntry: false })?.isFile() === true);
}

const runners: ReadonlyMap<string, string> = new Map([
  ['npx', 'Install Node.js, which brings it'],
  ['node', 'Install Node.js'],
  ['uvx', 'Install uv: https://docs.astral.sh/uv'],
  ['uv', 'Install uv: https://docs.astral.sh/uv'],
  ['docker', 'Install Docker, and start it'],
  ['python', 'Install Python, or write python3'],
]);

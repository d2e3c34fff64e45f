import { CliError } from '../cli-error.ts';
import { namedLayer, ownLayers, readLayer, type ConfigLayer, type ReadLayer } from '../config-file.ts';
import type { CommandContext } from '../context.ts';
import type { Io } from '../io.ts';

/** The files that a command line is about: the one that is named, or every one that servers are looked for in. */
export async function layersOf({ line, settings, io }: CommandContext): Promise<readonly ReadLayer[]> {
  const [file = settings.config, ...more] = line.operands;
  if (more.length > 0 || line.command !== undefined) throw new CliError('usage', 'Name one file, or none');
  return file === undefined ? readEveryLayer(io) : [await readOwnLayer(namedLayer(file, io), io)];
}

/** Every file that servers are looked for in, what comes first wins: ours, then those of other programs. */
export async function readEveryLayer(io: Io): Promise<readonly ReadLayer[]> {
  const { readEditorLayers } = await import('./read-editors.ts');
  const own = await Promise.all(ownLayers(undefined, io).map((layer) => readOwnLayer(layer, io)));
  return [...own, ...(await readEditorLayers(io))];
}

async function readOwnLayer(layer: ConfigLayer, io: Io): Promise<ReadLayer> {
  try {
    return { layer, servers: await readLayer(layer, io) };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { layer, servers: new Map(), problem: error };
  }
}

/** Whose a file is, for people. */
export function ownerOf({ scope, program }: ConfigLayer): string {
  const whose = { named: 'named', project: 'this folder', user: 'user' }[scope];
  return program === undefined ? whose : `${program}, ${whose}`;
}

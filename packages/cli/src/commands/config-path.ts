import { CliError } from '../cli-error.ts';
import { namedLayer, projectLayer, userLayer, type ConfigLayer } from '../config-file.ts';
import { editors, filesOf } from '../config/editors.ts';
import { ownerOf } from '../config/every-layer.ts';
import { findPlaces } from '../config/places.ts';
import { editorLayer } from '../config/read-editors.ts';
import type { CommandContext } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { openShow } from '../output/show.ts';

/** `mcp config path`: every file that servers are looked for in, what comes first wins. */
export async function configPath({ line, settings, io }: CommandContext): Promise<ExitCode> {
  const show = await openShow(settings, io);
  if (line.operands.length > 0) throw new CliError('usage', 'mcp config path takes no names');
  const { existsSync } = process.getBuiltinModule('node:fs');
  const layers = settings.config === undefined ? everyPlace(io) : [namedLayer(settings.config, io)];
  const files = layers.map((layer) => ({ file: layer.file, of: ownerOf(layer), exists: existsSync(layer.file) }));
  const rows = files.map(({ file, of, exists }) => [file, of, exists ? 'exists' : '']);
  const body = { head: ['File', 'Of', ''], groups: [{ name: '', rows }], plural: 'files' };
  await show({ value: { files }, body, lines: files });
  return 0;
}

function everyPlace(io: Io): readonly ConfigLayer[] {
  const foreign = Object.values(editors).flatMap((editor) =>
    filesOf(editor, findPlaces(io), io).map((place) => editorLayer(editor, place, io)),
  );
  const user = userLayer(io);
  const places = [
    projectLayer(io),
    ...(user === undefined ? [] : [user]),
    ...foreign.filter(({ scope }) => scope === 'project'),
    ...foreign.filter(({ scope }) => scope === 'user'),
  ];
  // A program may have servers at several places of one file.
  return places.filter(({ file }, index) => places.findIndex((place) => place.file === file) === index);
}

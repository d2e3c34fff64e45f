import { CliError } from '../cli-error.ts';
import { print, type Io } from '../io.ts';
import { sanitizeLine } from './sanitize.ts';
import type { Attachment } from './show.ts';

const extensions: Readonly<Record<string, string>> = {
  'application/json': 'json',
  'application/pdf': 'pdf',
  'application/zip': 'zip',
  'audio/mpeg': 'mp3',
  'audio/mp4': 'm4a',
  'image/jpeg': 'jpg',
  'image/svg+xml': 'svg',
  'text/csv': 'csv',
  'text/html': 'html',
  'text/markdown': 'md',
  'text/plain': 'txt',
};

/**
 * Saves what a result holds besides its text: into the folder `place` under names of its own, or as the file `place`,
 * and `place-2` and so on where there are several. Throws before anything is asked when there is no such folder.
 */
export function openSave(place: string, io: Io): (attachments: readonly Attachment[]) => Promise<void> {
  const path = process.getBuiltinModule('node:path');
  const target = path.resolve(io.cwd, place);
  const isFolder = isFolderAt(target) || /[\\/]$/.test(place);
  const folder = isFolder ? target : path.dirname(target);
  if (!isFolderAt(folder)) throw new CliError('usage', `--save ${place}: there is no folder ${folder}`);
  return async (attachments) => {
    if (attachments.length === 0) throw new CliError('nothing-found', 'The result holds nothing to save');
    for (const [index, attachment] of attachments.entries()) {
      const file = isFolder ? await writeBeside(folder, attachment, index) : numbered(target, index);
      if (!isFolder) await write(file, attachment, 'w');
      const shown = path.relative(io.cwd, file);
      await print(io.stderr, `mcp: ${sanitizeLine(`${attachment.kind} ${attachment.mimeType}`)} saved as ${shown}\n`);
    }
  };
}

/** The name says nothing that a server could choose but a known extension. */
function ownName({ kind, mimeType }: Attachment, index: number): string {
  const [type = ''] = mimeType.toLowerCase().split(';');
  const subtype = /^(?:image|audio)\/(?:x-)?([a-z0-9]{2,5})$/.exec(type)?.[1];
  return `${kind}-${index + 1}.${extensions[type] ?? subtype ?? 'bin'}`;
}

function numbered(file: string, index: number): string {
  if (index === 0) return file;
  const { dir, name, ext } = process.getBuiltinModule('node:path').parse(file);
  return process.getBuiltinModule('node:path').join(dir, `${name}-${index + 1}${ext}`);
}

/** Under the first of its names that nothing has, be it a link: a name that anybody can foretell replaces nothing. */
async function writeBeside(folder: string, attachment: Attachment, first: number): Promise<string> {
  for (let index = first; ; index += 1) {
    const file = process.getBuiltinModule('node:path').join(folder, ownName(attachment, index));
    if (await write(file, attachment, 'wx')) return file;
  }
}

/** False where the file is there, and `flag` is `wx`. */
async function write(file: string, { content }: Attachment, flag: 'w' | 'wx'): Promise<boolean> {
  const { writeFile } = process.getBuiltinModule('node:fs/promises');
  try {
    await writeFile(file, 'text' in content ? content.text : Buffer.from(content.base64, 'base64'), { flag });
    return true;
  } catch (error) {
    if (flag === 'wx' && (error as NodeJS.ErrnoException).code === 'EEXIST') return false; // What fs throws.
    throw new CliError('save-failed', error instanceof Error ? error.message : String(error));
  }
}

function isFolderAt(path: string): boolean {
  return process.getBuiltinModule('node:fs').statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

import { print, type Io } from '../io.ts';
import type { Settings } from '../own-flags.ts';
import { printJson } from './json.ts';
import { formatTable, type Table } from './table.ts';

/** A file within a result: an image, a sound, or the content of a resource. */
export interface Attachment {
  readonly kind: string;
  readonly mimeType: string;
  /** As it was sent: text, or base64. */
  readonly content: { readonly text: string } | { readonly base64: string };
}

/** Something to print, in the forms that it has. */
export interface Shown {
  /** What programs get: the protocol's own result. */
  readonly value: unknown;
  /** What people get. */
  readonly body: Table | string;
  /** One line of JSON each. Default: the value as one line. */
  readonly lines?: readonly unknown[];
  /** What `--pick` looks into. Default: the value. */
  readonly data?: unknown;
  /** What `-r` prints: as the server sent it. Default: the first column of the table, or the text for people. */
  readonly raw?: () => string | Uint8Array;
  /** What `--save` saves. */
  readonly attachments?: readonly Attachment[];
}

export type Show = (shown: Shown) => Promise<void>;

/**
 * How results are printed. Opened before a server is asked anything, since it refuses a `--pick` or `--save` that cannot
 * be followed; what most results do not need is loaded only for those that do.
 */
export async function openShow(settings: Settings, io: Io): Promise<Show> {
  const { output, pick, save } = settings;
  const saveAll = save === undefined ? undefined : (await import('./rare-forms.ts')).openSave(save, io);
  const isPlain = pick === undefined && (output === 'human' || output === 'json');
  const printAs = isPlain ? printPlain : (await import('./rare-forms.ts')).openForm(settings);
  return async (shown) => {
    await printAs(shown, settings, io);
    await saveAll?.(shown.attachments ?? []);
    const isDrawn = saveAll === undefined && output === 'human' && pick === undefined && io.stdout.isTTY === true;
    if (!isDrawn || (shown.attachments ?? []).length === 0) return;
    const { drawImages } = await import('./images/draw-images.ts');
    await drawImages(shown.attachments ?? [], io);
  };
}

export type PrintForm = (shown: Shown, settings: Settings, io: Io) => Promise<void>;

async function printPlain({ value, body }: Shown, { output }: Settings, io: Io): Promise<void> {
  if (output === 'json') return printJson(io.stdout, value);
  await print(io.stdout, textFor(body, io));
  if (typeof body === 'string' || body.groups.some(({ rows }) => rows.length > 0)) return;
  await print(io.stderr, `mcp: there are no ${body.plural}\n`);
}

/** What people read, cut to their terminal. */
function textFor(body: Shown['body'], { stdout }: Io): string {
  if (typeof body === 'string') return body;
  return formatTable(body, stdout.isTTY === true ? stdout.columns : undefined);
}

/** Writes a file beside itself and renames it: a reader sees the old text or the new one, and no link is followed. */
export async function writeWhole(file: string, text: string, mode: number): Promise<void> {
  const { rename, unlink, writeFile } = process.getBuiltinModule('node:fs/promises');
  const next = `${file}.${crypto.randomUUID()}`;
  try {
    await writeFile(next, text, { flag: 'wx', mode, flush: true });
    await rename(next, file);
  } catch (error) {
    await unlink(next).catch(() => undefined); // What matters is why it was not written.
    throw error;
  }
}

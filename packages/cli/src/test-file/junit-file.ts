import { CliError } from '../cli-error.ts';
import type { Io } from '../io.ts';
import { formatJunit, junitHead } from './junit.ts';
import type { FileReport } from './report.ts';

/**
 * Where a report for CI systems goes, if it goes anywhere. Replaces an earlier report, and any other file only with
 * `force`; says so before the tests run.
 */
export async function openJunit(
  file: string | undefined,
  force: boolean,
  { cwd }: Pick<Io, 'cwd'>,
): Promise<(reports: readonly FileReport[]) => Promise<void>> {
  if (file === undefined) return () => Promise.resolve();
  const { readFile, writeFile } = process.getBuiltinModule('node:fs/promises');
  const path = process.getBuiltinModule('node:path').resolve(cwd, file);
  const earlier = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return junitHead;
    throw cannotWrite(file, error);
  });
  if (!earlier.startsWith(junitHead) && !force)
    throw new CliError('usage', `${file} exists, and is no report of mcp test`, 'Name another file, or add --force');
  return (reports) =>
    writeFile(path, formatJunit(reports)).catch((error: Error) => {
      throw cannotWrite(file, error);
    });
}

function cannotWrite(file: string, { message }: Error): CliError {
  return new CliError('save-failed', `Cannot write ${file}: ${message}`);
}

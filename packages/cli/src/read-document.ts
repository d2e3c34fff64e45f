import { findSchemaViolation } from '@toolwire/client-core';
import { parseDocument } from 'yaml';
import { textReader } from './arguments/read-text.ts';
import { CliError } from './cli-error.ts';
import type { Io } from './io.ts';

/**
 * Reads a file of YAML, which JSON is a part of, and checks it by a JSON Schema, which `Content` must be the type of.
 * Throws a usage error that says where the file is wrong.
 */
export async function readDocument<Content>(
  file: string,
  schema: object,
  io: Pick<Io, 'cwd' | 'stdin'>,
): Promise<Content> {
  const document = parseDocument(await textReader(io)(file), { prettyErrors: true, logLevel: 'silent' });
  const [error] = [...document.errors, ...document.warnings];
  if (error !== undefined) throw new CliError('usage', `${file}: ${error.message.split('\n')[0] ?? ''}`);
  const content: unknown = toPlain(document, file);
  const violation = findSchemaViolation(schema, content);
  if (violation !== undefined) throw new CliError('usage', `${file}: ${violation.message}`);
  return content as Content; // It fits the schema.
}

/** An alias may stand for more than memory holds, which is found out only here. */
function toPlain(document: ReturnType<typeof parseDocument>, file: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    throw new CliError('usage', `${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

import type { RecordedMessage, Recording } from './recording.ts';

/**
 * Reads a recording from the text of a file: lines of JSON as `mcp record` writes them, or one JSON as `JSON.stringify`
 * makes of a recording. Throws an error that names the line which is neither.
 */
export function parseRecording(text: string): Recording {
  const whole = parse(text);
  if (isRecord(whole) && Array.isArray(whole['messages']))
    return checked(whole['version'], whole['messages'], 'Message', 1);
  const [first = '', ...lines] = text.split('\n').filter((line) => line.trim() !== '');
  const head = parse(first);
  return checked(isRecord(head) ? head['version'] : undefined, lines.map(parse), 'Line', 2);
}

function checked(version: unknown, messages: readonly unknown[], unit: string, first: number): Recording {
  if (version !== 1) throw new Error('This is no recording: it does not begin with {"version": 1}');
  const wrong = messages.findIndex((message) => !isRecorded(message));
  if (wrong === -1) return { version, messages: messages as readonly RecordedMessage[] }; // As just checked.
  throw new Error(`${unit} ${wrong + first} of the recording is cut off, or no recorded message`);
}

function isRecorded(value: unknown): boolean {
  if (!isRecord(value)) return false;
  return (value['from'] === 'client' || value['from'] === 'server') && isRecord(value['message']);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

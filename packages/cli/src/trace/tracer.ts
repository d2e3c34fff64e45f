import type { JsonObject } from '@toolwire/client-core';
import type { Output } from '../io.ts';
import { sanitize, sanitizeLine, safeJson } from '../output/sanitize.ts';
import { isObject } from '../proxy/envelope.ts';
import type { Redact } from '../proxy/redaction.ts';
import { redactMessage } from '../relay/redact-message.ts';
import type { RelayListener, Sender } from '../relay/relay.ts';

/** How the wire is shown. */
export interface TracerOptions {
  readonly output: Output;
  /** A line of JSON for each message, in place of text. */
  readonly asJson: boolean;
  /** Shows messages whole. */
  readonly isWhole: boolean;
  readonly redact: Redact;
  /** Milliseconds since whenever. */
  readonly now: () => number;
}

/** What is told of a wire, as it happens. */
export interface Tracer extends RelayListener {
  onStderr(text: string): void;
  /** Says what was never answered. */
  end(): void;
}

interface Asked {
  readonly id: unknown;
  readonly method: string;
  readonly atMs: number;
}

const widthElsewhere = 200;

/** Shows each message in a line: when, which way, and of an answer what it answers and how long that took. */
export function openTracer({ output, asJson, isWhole, redact, now }: TracerOptions): Tracer {
  const began = now();
  const asked = new Map<string, Asked>();
  let requests = 0;

  const write = (value: JsonObject, text: string): void => {
    const line = asJson ? safeJson({ atMs: round(now() - began), ...value }, 0) : fitted(`${time()} ${text}`);
    output.write(`${line}\n`, () => undefined);
  };
  const time = (): string => ((now() - began) / 1000).toFixed(3).padStart(9);
  const fitted = (text: string): string => {
    const width = output.isTTY === true ? (output.columns ?? 80) : widthElsewhere;
    return isWhole || text.length <= width ? text : `${text.slice(0, width - 1)}…`;
  };

  /** What a message is about: a request of its own, or the one that it answers. */
  function about(from: Sender, { id }: JsonObject, safe: JsonObject): { method: string; durationMs?: number } {
    if (typeof safe['method'] === 'string') {
      const { id: shownId, method } = safe;
      if (id === undefined) return { method };
      requests += 1;
      asked.set(keyOf(from, id), { id: shownId, method, atMs: now() });
      return { method };
    }
    const key = keyOf(from === 'client' ? 'server' : 'client', id);
    const request = asked.get(key);
    if (request === undefined) return { method: '(answers nothing that was asked)' };
    asked.delete(key);
    return { method: request.method, durationMs: round(now() - request.atMs) };
  }

  return {
    onMessage(from, message) {
      const safe = redactMessage(message, redact) as JsonObject; // A copy of an object is one.
      const { method, durationMs } = about(from, message, safe);
      const { id } = safe;
      const words = [
        from === 'client' ? '→' : '←',
        ...(id === undefined ? [] : [`#${JSON.stringify(id)}`]),
        method,
        ...(durationMs === undefined ? [] : [`${durationMs} ms`]),
        ...described(safe, isWhole),
      ];
      const known = { from, ...(id !== undefined && { id }), method, ...(durationMs !== undefined && { durationMs }) };
      write({ ...known, message: safe }, sanitizeLine(words.join(' ')));
    },
    onTrouble(from, text) {
      const trouble = redact(text);
      write({ from, trouble }, `${from === 'client' ? '→' : '←'} ! ${sanitizeLine(trouble)}`);
    },
    onStderr(text) {
      for (const line of redact(text).trimEnd().split('\n')) write({ stderr: line }, `| ${sanitize(line)}`);
    },
    end() {
      const unanswered = [...asked.values()].map(({ id, method }) => ({ id, method }));
      const names = unanswered.map(({ id, method }) => `#${JSON.stringify(id)} ${method}`).join(', ');
      write(
        { requests, unanswered },
        `requests: ${requests}${names === '' ? '' : `; no answer to ${sanitizeLine(names)}`}`,
      );
    },
  };
}

/** What a message says, in the words of its kind. The envelope of 2026-07-28 is shown only with all the rest. */
function described({ params, result, error }: JsonObject, isWhole: boolean): readonly string[] {
  if (isObject(error)) return ['FAILED', String(error['code']), String(error['message'])];
  const { _meta, ...own } = isObject(params) ? params : isObject(result) ? result : {};
  const shown = isWhole && _meta !== undefined ? { ...own, _meta } : own;
  const verdict = isObject(result) && result['isError'] === true ? ['isError'] : [];
  return [...verdict, ...(Object.keys(shown).length === 0 ? [] : [JSON.stringify(shown)])];
}

function keyOf(from: Sender, id: unknown): string {
  return JSON.stringify([from, id]);
}

function round(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}

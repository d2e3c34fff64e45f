import type { Progress } from '@toolwire/client-core';
import type { Output } from '../io.ts';
import { sanitizeLine } from '../output/sanitize.ts';
import { fitWidth } from '../output/text-width.ts';

const frames = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏';
const frameMs = 100;
const barWidth = 20;

/** What is waited for, and how far it is. */
export interface Waiting {
  readonly label: string;
  readonly progress?: Progress;
}

/** One line of a terminal that moves, and leaves nothing behind. */
export interface Spinner {
  /** Draws what `latest` returns, again and again until it is cleared. */
  show(latest: () => Waiting): void;
  clear(): void;
}

export function openSpinner(output: Output): Spinner {
  let timer: ReturnType<typeof setInterval> | undefined;
  let frame = 0;
  const write = (text: string): void => void output.write(text, () => undefined);
  return {
    show(latest) {
      const startedAt = Date.now();
      const draw = (): void =>
        write(`\r\u001b[K${formatWaiting(latest(), frame++, Date.now() - startedAt, output.columns)}`);
      draw();
      timer = setInterval(draw, frameMs);
    },
    clear() {
      clearInterval(timer);
      write('\r\u001b[K');
    },
  };
}

/** The line itself: a bar where the server says how much there is to do, else what it has done so far. */
export function formatWaiting(
  { label, progress }: Waiting,
  frame: number,
  elapsedMs: number,
  columns: number | undefined,
): string {
  const parts = [frames.at(frame % frames.length) ?? '', sanitizeLine(label)];
  if (progress !== undefined) parts.push(...formatProgress(progress));
  parts.push(`${Math.round(elapsedMs / 1_000)} s`);
  return fitWidth(parts.join(' '), columns);
}

function formatProgress({ progress, total, message }: Progress): string[] {
  const text = message === undefined ? [] : [sanitizeLine(message)];
  if (total === undefined || !(total > 0)) return [String(progress), ...text];
  const share = Math.min(1, Math.max(0, progress / total));
  const filled = Math.round(share * barWidth);
  return [`${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)} ${Math.floor(share * 100)} %`, ...text];
}

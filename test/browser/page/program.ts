// The program of the page: run.mjs reads the titles of the checks, and has them run.
import type { Check, Stage } from './check.ts';
import { environmentChecks } from './environment.ts';
import { packageChecks } from './packages.ts';
import { plainWireChecks } from './plain-wires.ts';
import { reconnectChecks, sessionChecks } from './reconnect.ts';
import { verbChecks } from './verbs.ts';

const checks: readonly Check[] = [
  ...environmentChecks,
  ...packageChecks,
  ...verbChecks,
  ...sessionChecks,
  ...plainWireChecks,
  ...reconnectChecks,
];

const control: Stage['control'] = async (name, verb, value) => {
  const response = await fetch('/control', { method: 'POST', body: JSON.stringify([name, verb, value]) });
  if (!response.ok) throw new Error(`Cannot ${verb} ${name}: ${await response.text()}`);
};

/** What run.mjs calls. */
const browserChecks = {
  list: () => checks.map(({ title, isDisruptive = false }) => ({ title, isDisruptive })),
  /** Resolves with what went wrong, or with nothing. */
  async run(title: string, urls: Stage['urls']): Promise<string | undefined> {
    const check = checks.find((candidate) => candidate.title === title);
    try {
      await Promise.race([check?.run({ urls, control }), tooLate()]);
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.stack : String(error);
    }
  },
};

function tooLate(): Promise<never> {
  return new Promise((_resolve, reject) =>
    setTimeout(() => reject(new Error('It has not ended within a minute')), 60_000),
  );
}

Object.assign(globalThis, { browserChecks });

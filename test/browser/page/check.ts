/** Something that is shown in a browser; it rejects when it is not so. */
export interface Check {
  readonly title: string;
  /** Kills a server that others need: such checks come last, together. */
  readonly isDisruptive?: boolean;
  run(stage: Stage): Promise<void>;
}

/** What the checks have around them. */
export interface Stage {
  /** The servers by name. */
  readonly urls: Readonly<Record<string, string>>;
  /** Has a server killed or started again, or told something. */
  control(name: string, verb: 'kill' | 'start' | 'tell', value?: unknown): Promise<void>;
}

/** The address of a server that run.mjs has started. */
export function urlOf({ urls }: Stage, name: string): string {
  const url = urls[name];
  if (url === undefined) throw new Error(`There is no server ${name}`);
  return url;
}

/** Throws unless both are the same as JSON. */
export function equal(actual: unknown, expected: unknown): void {
  const [found, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (found !== wanted) throw new Error(`${found} is not ${wanted}`);
}

/** Throws unless the text matches. */
export function matches(text: string, pattern: RegExp): void {
  if (!pattern.test(text)) throw new Error(`${JSON.stringify(text)} does not match ${pattern}`);
}

/** Settles when `check` stops throwing; gives a busy machine 20 seconds for it. */
export async function eventually(check: () => unknown): Promise<void> {
  for (const deadline = Date.now() + 20_000; ; await sleep(20)) {
    try {
      await check();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
  }
}

/** What the promise rejects with. */
export async function rejection(promise: Promise<unknown>): Promise<Error & { code?: unknown }> {
  const outcome = await promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ('error' in outcome) return outcome.error as Error; // Whatever was thrown, the checks look at its fields.
  throw new Error(`It resolved with ${JSON.stringify(outcome.value)}`);
}

/** Collects what comes from now on. */
export function collect<T>(from: AsyncIterable<T>): readonly T[] {
  const items: T[] = [];
  void (async () => {
    for await (const item of from) items.push(item);
  })();
  return items;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

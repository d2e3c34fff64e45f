import { onTestFinished } from 'vitest';

/** Keeps a resource open until the end of the test that opens it. */
export function untilTheEnd<Resource extends { close(): Promise<void> }>(resource: Resource): Resource {
  onTestFinished(() => resource.close());
  return resource;
}

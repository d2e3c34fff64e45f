import { defineConfig } from 'vitest/config';
import root from '../../vitest.config.ts';

/** The tests against real gateways, which `run.mjs` installs first; they are no part of `npm test`. */
// oxlint-disable-next-line import/no-default-export -- vitest wants it
export default defineConfig({
  ...root,
  test: {
    include: ['test/gateways/*.real.ts'],
    maxWorkers: 1, // A gateway is heavy.
    expect: { poll: { timeout: 10_000 } },
    testTimeout: 60_000,
    hookTimeout: 180_000,
  },
});

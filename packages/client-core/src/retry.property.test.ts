import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { reopenDelay, RetryBudget, retryDelay } from './retry.ts';

const attempt = fc.integer({ min: 1, max: 5000 });
/** From 0 up to 1, as `Math.random`. */
const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const asked = fc.oneof(fc.nat(100), fc.nat(3_600_000));

test('a wait grows with the attempts, from nothing up to twice the last one, and never over 20 s', () => {
  fc.assert(
    fc.property(attempt, share, (number, random) => {
      const longest = Math.min(100 * 2 ** (number - 1), 20_000);
      expect(retryDelay(number, undefined, () => random)).toBeCloseTo(random * longest);
      expect(retryDelay(number, undefined, () => 1)).toBeLessThanOrEqual(retryDelay(number + 1, undefined, () => 1));
    }),
  );
});

test('a wait that the server asks for is kept, and is spread over a fifth of it', () => {
  fc.assert(
    fc.property(attempt, asked, share, share, (number, ms, one, other) => {
      const wait = retryDelay(number, ms, () => one);
      expect(wait).toBeGreaterThanOrEqual(ms);
      expect(wait).toBeLessThanOrEqual(ms * 1.2);
      expect(wait).toBe(retryDelay(1, ms, () => one)); // Whatever the attempt.
      if (ms > 0 && other > one + 1e-9) expect(retryDelay(number, ms, () => other)).toBeGreaterThan(wait);
    }),
  );
});

test('a stream is opened again within 30 s, or within what the server asks for, and at most 20 % later', () => {
  fc.assert(
    fc.property(fc.nat(5000), fc.option(asked, { nil: undefined }), share, (failures, ms, random) => {
      const delay = reopenDelay(failures, ms, () => random);
      const floor = ms === undefined ? 0 : Math.max(ms, 100);
      expect(delay).toBeGreaterThanOrEqual(floor);
      expect(delay).toBeLessThanOrEqual(ms === undefined ? 30_000 : Math.max(floor, 30_000) * 1.2);
    }),
  );
});

test('the budget never allows more than ten repetitions and a fifth of the requests, and never less when rested', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 2000 }), (steps) => {
      const budget = new RetryBudget();
      let requests = 0;
      let repetitions = 0;
      for (const isRequest of steps) {
        const tokens = 10 + requests / 5 - repetitions; // As long as they are too few to reach the top.
        if (isRequest) {
          budget.earn();
          requests++;
        } else if (budget.spend()) {
          expect(tokens).toBeGreaterThan(0.99);
          repetitions++;
        } else if (requests < 450) {
          expect(tokens).toBeLessThan(1.01);
        }
      }
    }),
  );
});

test('a long rest saves up at most 100 repetitions', () => {
  fc.assert(
    fc.property(fc.nat(20_000), (requests) => {
      const budget = new RetryBudget();
      for (let request = 0; request < requests; request++) budget.earn();
      let repetitions = 0;
      while (budget.spend()) repetitions++;
      expect(repetitions).toBeLessThanOrEqual(Math.min(100, 10 + requests / 5));
      expect(repetitions).toBeGreaterThan(Math.min(100, 10 + requests / 5) - 1.01);
    }),
  );
});

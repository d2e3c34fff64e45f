import { expect, test } from 'vitest';
import { DirectoryInUseError, isPipelineError, PipelineError, type PipelineErrorCode } from './errors.ts';

const codes: Record<PipelineErrorCode, true> = {
  'definition-invalid': true,
  'input-invalid': true,
  'expression-invalid': true,
  'run-exists': true,
  'run-not-found': true,
  'wrong-state': true,
  'directory-in-use': true,
  'engine-busy': true,
  'engine-unavailable': true,
  'run-failed': true,
  'run-cancelled': true,
  'needs-attention': true,
};

test('the codes are these, and no others', () => {
  expect(Object.keys(codes)).toHaveLength(12);
});

test('an error is known across copies of the package', () => {
  const foreign = Object.assign(new Error('foreign'), { [Symbol.for('toolwire.PipelineError')]: true });
  expect(isPipelineError(foreign)).toBe(true);
  expect(isPipelineError(new DirectoryInUseError('/data', 7))).toBe(true);
  expect(isPipelineError(new Error('other'))).toBe(false);
  expect(new DirectoryInUseError('/data', 7)).toBeInstanceOf(PipelineError);
});

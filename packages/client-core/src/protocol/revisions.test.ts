import { expect, test } from 'vitest';
import { isLegacyVersion, isModernVersion, legacyVersions, modernVersions, newestCommon } from './revisions.ts';

test('every revision belongs to one era, and the newest comes first', () => {
  expect(modernVersions).toEqual(['2026-07-28']);
  expect(legacyVersions).toEqual(['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05']);
  expect(modernVersions.every((version) => isModernVersion(version) && !isLegacyVersion(version))).toBe(true);
  expect(legacyVersions.every((version) => isLegacyVersion(version) && !isModernVersion(version))).toBe(true);
});

test.each([[undefined], [null], [20_251_125], ['2099-01-01'], ['']])('%j is no revision', (version) => {
  expect(isLegacyVersion(version) || isModernVersion(version)).toBe(false);
});

test.each([
  [['2024-11-05', '2025-06-18'], '2025-06-18'],
  [['2099-01-01', '2025-03-26'], '2025-03-26'],
  [['2099-01-01'], undefined],
  [[], undefined],
  [undefined, undefined],
  ['2025-11-25', undefined],
])('the newest that we share with %j is %j', (theirs, expected) => {
  expect(newestCommon(legacyVersions, theirs)).toBe(expected);
});

/** Revisions of the 2025 era, newest first: an `initialize` handshake opens a session. */
export const legacyVersions = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05'] as const;

/** Revisions without a handshake: each request carries its own `_meta` envelope. */
export const modernVersions = ['2026-07-28'] as const;

export type LegacyVersion = (typeof legacyVersions)[number];
export type ModernVersion = (typeof modernVersions)[number];
export type ProtocolVersion = LegacyVersion | ModernVersion;

/** How a connection is opened, and what each request carries: the two families of revisions. */
export type Era = 'legacy' | 'modern';

export function isModernVersion(version: unknown): version is ModernVersion {
  return (modernVersions as readonly unknown[]).includes(version);
}

export function isLegacyVersion(version: unknown): version is LegacyVersion {
  return (legacyVersions as readonly unknown[]).includes(version);
}

/** The newest revision that both sides speak, of those that a server lists. */
export function newestCommon<V extends ProtocolVersion>(ours: readonly V[], theirs: unknown): V | undefined {
  return Array.isArray(theirs) ? ours.find((version) => theirs.includes(version)) : undefined;
}

/** Put in by the bundler; missing when the sources run as they are. */
declare const TOOLWIRE_VERSION: string | undefined;

/** The version of this package. */
export function readVersion(): string {
  return typeof TOOLWIRE_VERSION === 'string' ? TOOLWIRE_VERSION : readManifestVersion();
}

function readManifestVersion(): string {
  const { readFileSync } = process.getBuiltinModule('node:fs');
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const isManifest = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
  return isManifest ? String(manifest.version) : 'unknown';
}

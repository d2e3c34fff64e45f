// Writes api/<package>.api.md, the public surface under review; in CI it fails instead when a report is out of date.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const local = process.env.CI ? [] : ['--local'];
const configs = readdirSync('packages')
  .map((name) => join('packages', name, 'api-extractor.json'))
  .filter((config) => existsSync(config));

for (const config of configs) {
  const { status } = spawnSync('api-extractor', ['run', ...local, '-c', config], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

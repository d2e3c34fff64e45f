// Runs the client of every story in examples/ with its folder as working directory; one that exits non-zero has broken.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const stories = readdirSync('examples').filter((name) => existsSync(join('examples', name, 'client.ts')));

const broken = stories.filter((name) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['client.ts'], {
    cwd: join('examples', name),
    encoding: 'utf8',
    timeout: 60_000,
  });
  console.log(`${status === 0 ? '✓' : '✗'} examples/${name}`);
  if (status !== 0) console.log(`${stdout}${stderr}`);
  return status !== 0;
});

console.log(`${stories.length - broken.length} of ${stories.length} examples ran to their end`);
process.exitCode = broken.length === 0 && stories.length > 0 ? 0 : 1;

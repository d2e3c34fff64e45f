import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Installs Debian's Chromium where it is missing; gives back why it cannot, or undefined when it is there. */
export function installChromium() {
  if (existsSync(executablePath)) return undefined;
  if (process.getuid?.() !== 0) return `${executablePath} is missing, and only root may install it`;
  console.log('Installing chromium with apt-get');
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', 'chromium']]) {
    const { status, error, stderr } = spawnSync('apt-get', args, {
      encoding: 'utf8',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    if (status !== 0) return `apt-get ${args[0]} failed: ${(error?.message ?? stderr).trim()}`;
  }
  return existsSync(executablePath) ? undefined : `apt-get did not bring ${executablePath}`;
}

/** Starts Chromium as if for the first time; `close` ends it and removes its traces. */
export async function startChromium() {
  const profile = await mkdtemp(join(tmpdir(), 'toolwire-chromium-'));
  const context = await chromium.launchPersistentContext(profile, { executablePath, headless: true, args: flags });
  return {
    context,
    async close() {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}

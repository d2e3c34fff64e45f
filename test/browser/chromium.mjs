import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { aptGet } from '../../scripts/apt-get.mjs';

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
  console.log('Installing chromium with apt-get');
  const problem = aptGet(['chromium']);
  if (problem !== undefined) return problem;
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

import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { openBrowser } from './open-browser.ts';

test.each(['javascript:alert(1)', 'file:///etc/passwd', '-flag', 'data:text/html,x'])(
  '%s is not opened',
  async (page) => {
    await expect(openBrowser(page)).rejects.toThrow();
  },
);

test.skipIf(process.platform !== 'linux')('a URL is handed over as it is, past any shell', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'toolwire-browser-'));
  const path = process.env['PATH'];
  try {
    const browser = join(folder, 'xdg-open');
    await writeFile(
      browser,
      `#!/bin/sh\nprintf '%s|' "$#" "$@" > ${folder}/seen.new && mv ${folder}/seen.new ${folder}/seen\n`,
    );
    await chmod(browser, 0o755);
    process.env['PATH'] = `${folder}:${path}`;
    const page = "https://as.example/authorize?a=$(touch${IFS}x)&b=';id;'`id`";
    await openBrowser(page);
    const seen = await vi.waitFor(() => readFile(join(folder, 'seen'), 'utf8'), { timeout: 10_000 });
    expect(seen).toBe(`1|${new URL(page).href}|`);
    process.env['PATH'] = folder;
    await rm(browser);
    await expect(openBrowser(page)).rejects.toMatchObject({ code: 'spawn-failed' });
  } finally {
    process.env['PATH'] = path;
    await rm(folder, { recursive: true, force: true });
  }
});

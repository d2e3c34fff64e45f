import { McpError } from '../errors.ts';

/** How each system opens a URL; no shell takes part, so that a URL is never more than a URL. */
const openers: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};

/** Opens a page in the person's browser; rejects when there is none, or for other URLs than http: and https:. Node only. */
export async function openBrowser(page: string | URL): Promise<void> {
  const url = new URL(page);
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new McpError('config-invalid', `A ${url.protocol} URL is not opened in a browser`, { delivered: 'no' });
  const [command, ...args] = openers[process.platform] ?? ['xdg-open'];
  const { spawn } = process.getBuiltinModule('node:child_process');
  const child = spawn(command, [...args, url.href], { stdio: 'ignore', detached: true });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (cause) =>
      reject(new McpError('spawn-failed', `No browser could be opened (${command})`, { cause, delivered: 'no' })),
    );
  });
  child.unref();
}

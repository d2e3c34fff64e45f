const timeoutMs = 2_000;

/** The health endpoint of the server at `url` that answers: below its own path, or at the usual one; no credential is sent. */
export async function findHealth(url: URL): Promise<string | undefined> {
  const own = `${url.origin}${url.pathname.replace(/\/$/, '')}/health`;
  for (const place of new Set([own, `${url.origin}/mcp/health`])) {
    if (/^https?:/.test(place) && (await answers(place))) return place;
  }
  return undefined;
}

function answers(place: string): Promise<boolean> {
  const { get } = process.getBuiltinModule(place.startsWith('https:') ? 'node:https' : 'node:http');
  return new Promise((resolve) => {
    const request = get(place, { timeout: timeoutMs }, (response) => {
      resolve(response.statusCode === 200 && /\bjson\b/.test(response.headers['content-type'] ?? ''));
      response.destroy();
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(false));
  });
}

import { once } from 'node:events';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';

/** No `eval`, nothing inline: pages that are strict about what they run can use the packages as well. */
const policy = "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src http: ws:; img-src data:";

const inPage = `<!doctype html><link rel="icon" href="data:,"><script type="module" src="program.js"></script>`;
const inWorker = inPage.replace('program.js', 'worker.js');
const worker = `new Worker('program.js', { type: 'module' });`;

/** Serves each bundle at a path of its own, as a page and in a worker; `posts` answer what the program asks of this side. */
export async function servePages(bundles, posts) {
  const files = new Map([
    ['/redirect', { status: 307, headers: { location: '/elsewhere' }, body: '' }],
    ...Object.entries(bundles).flatMap(([name, bundled]) => [
      [`/${name}/`, html(inPage)],
      [`/${name}/in-worker`, html(inWorker)],
      [`/${name}/worker.js`, script(worker)],
      ...Object.entries(bundled).map(([file, text]) => [`/${name}/${file}`, script(text)]),
    ]),
  ]);

  const server = createServer(async (request, response) => {
    const post = request.method === 'POST' ? posts[request.url] : undefined;
    const found = post === undefined ? files.get(request.url) : await answerOf(post, request);
    const { status = 200, headers, body } = found ?? { status: 404, body: 'There is no such page' };
    response.writeHead(status, { 'content-security-policy': policy, ...headers }).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();

  async function close() {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  }
  return { url: `http://127.0.0.1:${port}`, close };
}

async function answerOf(post, request) {
  try {
    return { body: JSON.stringify((await post(await json(request))) ?? {}) };
  } catch (error) {
    return { status: 500, body: error.message };
  }
}

function html(body) {
  return { headers: { 'content-type': 'text/html; charset=utf-8' }, body };
}

function script(body) {
  return { headers: { 'content-type': 'text/javascript; charset=utf-8' }, body };
}

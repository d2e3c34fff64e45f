// A raw JSON-RPC server, so that the clients are what is measured: `node echo-server.mjs stdio|http`.
// Tools: echo {text}, large {bytes}, burst {count} (sends `count` log notifications before its answer).
// Over HTTP it prints its URL on stdout.
import { createServer } from 'node:http';

const serve = { stdio: serveStdio, http: serveHttp }[process.argv[2]];
if (!serve) throw new Error('Usage: node echo-server.mjs stdio|http');
serve();

const tools = [
  ['echo', { text: { type: 'string' } }],
  ['large', { bytes: { type: 'integer' } }],
  ['burst', { count: { type: 'integer' } }],
].map(([name, properties]) => ({ name, inputSchema: { type: 'object', properties } }));

function answer({ id, method, params }) {
  const result = resultOf(method, params);
  return result
    ? { jsonrpc: '2.0', id, result }
    : { jsonrpc: '2.0', id, error: { code: -32601, message: `Method not found: ${method}` } };
}

function resultOf(method, params) {
  switch (method) {
    case 'initialize':
      return {
        protocolVersion: params.protocolVersion,
        capabilities: { tools: {}, logging: {} },
        serverInfo: { name: 'bench-echo', version: '1.0.0' },
      };
    case 'tools/list':
      return { tools };
    case 'tools/call':
      return { content: [{ type: 'text', text: textOf(params.name, params.arguments ?? {}) }] };
    case 'ping':
    case 'logging/setLevel':
      return {};
    default:
      return undefined;
  }
}

function textOf(name, { text, bytes }) {
  return name === 'large' ? 'x'.repeat(bytes) : (text ?? 'done');
}

function serveStdio() {
  let tail = '';
  process.stdin.setEncoding('utf8').on('data', (chunk) => {
    const lines = (tail + chunk).split('\n');
    tail = lines.pop();
    let output = '';
    for (const line of lines) {
      const message = JSON.parse(line);
      if (message.id === undefined) continue;
      if (message.params?.name === 'burst') output += logLines(message.params.arguments.count);
      output += `${JSON.stringify(answer(message))}\n`;
    }
    process.stdout.write(output);
  });
}

function logLines(count) {
  return Array.from({ length: count }, (_, index) => `${logLine(`Row ${index} is done`)}\n`).join('');
}

function logLine(data) {
  return JSON.stringify({ jsonrpc: '2.0', method: 'notifications/message', params: { level: 'info', data } });
}

function serveHttp() {
  const server = createServer((request, response) => {
    if (request.method !== 'POST') {
      response.writeHead(request.method === 'DELETE' ? 200 : 405).end();
      return;
    }
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => respond(response, JSON.parse(Buffer.concat(chunks).toString())));
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}/mcp`));
}

function respond(response, message) {
  if (message.id === undefined) {
    response.writeHead(202).end();
    return;
  }
  const body = JSON.stringify(answer(message));
  response.writeHead(message.method === 'server/discover' ? 400 : 200, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    ...(message.method === 'initialize' && { 'mcp-session-id': 'bench-session' }),
  });
  response.end(body);
}

// Preloaded into a server: pages may call it (CORS), and it listens at PORT, so that it comes back where it was.
import { Server as HttpServer } from 'node:http';
import { Server } from 'node:net';

const { PORT = '0', ALLOWED_HEADERS = '' } = process.env;
const { listen } = Server.prototype;
const { emit } = HttpServer.prototype;

Server.prototype.listen = function listenAtPort(_port, ...rest) {
  return listen.call(this, Number(PORT), ...rest);
};

HttpServer.prototype.emit = function emitForPages(event, ...args) {
  if (event !== 'request') return emit.call(this, event, ...args);
  const [{ method }, response] = args;
  response.setHeader('access-control-allow-origin', '*');
  response.setHeader('access-control-expose-headers', 'mcp-session-id');
  if (method !== 'OPTIONS') return emit.call(this, event, ...args);
  response.setHeader('access-control-allow-methods', 'GET, POST, DELETE');
  response.setHeader('access-control-allow-headers', ALLOWED_HEADERS);
  response.writeHead(204).end();
  return true;
};

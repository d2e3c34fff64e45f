// Preloaded into servers that listen on every interface and ask the network for a catalogue: they listen on 127.0.0.1,
// and whatever they fetch from elsewhere is an empty catalogue.
import { Server } from 'node:net';

const { listen } = Server.prototype;
const { fetch } = globalThis;

Server.prototype.listen = function listenOnLoopback(port, ...rest) {
  return listen.call(this, port, '127.0.0.1', ...rest.filter((argument) => typeof argument === 'function'));
};

globalThis.fetch = async (input, init) => {
  const { hostname } = new URL(input instanceof Request ? input.url : input);
  return hostname === '127.0.0.1' ? fetch(input, init) : Response.json({ servers: [] });
};

// Preloaded into servers that insist on a port of their own: they listen on a free loopback port and print the URL.
import { Server } from 'node:net';

const { listen } = Server.prototype;

Server.prototype.listen = function listenOnLoopback() {
  this.once('listening', () => console.log(`http://127.0.0.1:${this.address().port}/mcp`));
  return listen.call(this, 0, '127.0.0.1');
};

import { connect } from '@toolwire/client-core';
import { equal, matches, rejection, urlOf, type Check } from './check.ts';

/** What is not there in a browser, and what is said of it. */
export const environmentChecks: readonly Check[] = [
  {
    title: 'there is nothing of Node',
    async run() {
      const ofNode = ['Buffer', 'process', 'require', 'module', 'global', 'setImmediate', '__dirname'];
      equal(
        ofNode.filter((name) => name in globalThis),
        [],
      );
    },
  },
  {
    title: 'a command is refused: it needs Node',
    async run() {
      const error = await rejection(connect({ command: 'some-server' }));
      equal(error.code, 'config-invalid');
      matches(error.message, /a command needs Node; connect to a URL/);
    },
  },
  {
    title: 'a ws: URL in a bundle says what to pass instead',
    async run(stage) {
      const error = await rejection(connect(urlOf(stage, 'ws-legacy')));
      equal(error.code, 'config-invalid');
      matches(error.message, /pass webSocketTransport\(url\)/);
    },
  },
  {
    title: 'a redirect, which a page cannot look into, is told as one',
    async run() {
      const error = await rejection(connect(new URL('/redirect', location.origin)));
      matches(error.message, /\/redirect redirects/);
    },
  },
  {
    title: 'a server that does not allow the page is told as one that it may not reach',
    async run() {
      const elsewhere = location.origin.replace('127.0.0.1', 'localhost'); // Another origin.
      const error = await rejection(connect(elsewhere, { connectTimeoutMs: 300 }));
      equal(error.code, 'connection-failed');
      matches(error.message, /does it allow this page/);
    },
  },
];

import { Agent, request } from 'node:http';
import { overHttp } from './bare-post.mjs';

/** The least that can speak JSON-RPC over HTTP with `node:http` and a keep-alive agent. */
export const connect = ({ url }) => {
  const agent = new Agent({ keepAlive: true });
  return overHttp((headers, body) => {
    const { promise, resolve, reject } = Promise.withResolvers();
    const outgoing = request(url, { agent, method: 'POST', headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => (text += chunk));
      response.on('end', () => resolve({ sessionId: response.headers['mcp-session-id'], text }));
    });
    outgoing.on('error', reject);
    outgoing.end(body);
    return promise;
  });
};

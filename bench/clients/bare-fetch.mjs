import { overHttp } from './bare-post.mjs';

/** The least that can speak JSON-RPC over HTTP with `fetch`. */
export const connect = ({ url }) =>
  overHttp(async (headers, body) => {
    const response = await fetch(url, { method: 'POST', headers, body });
    return { sessionId: response.headers.get('mcp-session-id'), text: await response.text() };
  });

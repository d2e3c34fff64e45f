/** What the two bare HTTP clients share: ids, the handshake and the headers of Streamable HTTP. */
export async function overHttp(post) {
  const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
  let lastId = 0;

  async function request(method, params) {
    const { sessionId, text } = await post(headers, JSON.stringify({ jsonrpc: '2.0', id: ++lastId, method, params }));
    if (sessionId) headers['mcp-session-id'] = sessionId;
    return JSON.parse(text).result;
  }

  const clientInfo = { name: 'bare', version: '1.0.0' };
  await request('initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo });
  headers['mcp-protocol-version'] = '2025-11-25';
  await post(headers, JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' }));
  return {
    call: async (name, args) => (await request('tools/call', { name, arguments: args })).content[0].text,
    close: () => {},
  };
}

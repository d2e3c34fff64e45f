// Servers.
export { createTestServer, type ListeningServer, type TestServer, type TestServerOptions } from './server.ts';
export {
  serveWebSocket,
  webSocketServerTransport,
  type ListeningWebSocketServer,
  type ServeWebSocketOptions,
} from './web-socket-server.ts';
export type { Era } from './http-face.ts';
export type { ReceivedCall } from './calls.ts';
export type { TestPrompt, TestResource, TestResourceValue, TestServerDefinition, TestTool } from './definition.ts';

// Networks that fail.
export { faultProxy, type FaultProxy, type FaultProxyOptions } from './fault-proxy.ts';
export type { Faults, FaultSource } from './faults.ts';

// Conversations, kept and played again.
export { recordTransport, type RecordedMessage, type Recording } from './recording.ts';
export { parseRecording } from './recording-file.ts';
export { replayTransport, type ReplayOptions } from './replay.ts';

export { webSocketTransport, type WebSocketTransportOptions } from './web-socket-transport.ts';

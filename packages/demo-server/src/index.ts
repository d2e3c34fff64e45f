export { createDemoServer } from './demo-server.ts';
export type { DemoServerOptions } from './database.ts';

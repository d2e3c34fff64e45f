export * from './index.ts';
export { configFileReader, loadConfig, type LoadConfigOptions } from './load-config.ts';
export { stdioTransport, type StdioTransport, type StdioTransportOptions } from './transports/stdio.ts';
export { secureOptions, type SecureOptions } from './transports/secure-context.ts';
export { fileTokenStore, type FileTokenStore } from './auth/file-token-store.ts';
export { keychainTokenStore, type KeychainTokenStoreOptions } from './auth/keychain-token-store.ts';
export { openBrowser } from './auth/open-browser.ts';

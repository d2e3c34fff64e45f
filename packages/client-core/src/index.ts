// What people use.
export { connect } from './connect.ts';
export { McpClient, type CompletionReference, type ToolCaller } from './client.ts';
export type { ClientOptions, ReadOptions } from './client-options.ts';
export { McpHub } from './hub.ts';
export type {
  HubConnectOptions,
  HubConnectResult,
  HubFailure,
  HubListOptions,
  HubOptions,
  HubPolicy,
  HubPrompt,
  HubResource,
  HubResourceTemplate,
  HubSearchOptions,
  HubServer,
  HubStatus,
  HubTool,
  HubToolOptions,
} from './hub-options.ts';
export type { Retry } from './interceptors/retry.ts';
export {
  compareTools,
  lockTools,
  type ChangedTool,
  type LockedTool,
  type ToolDrift,
  type ToolLock,
} from './tool-lock.ts';
export type { FieldChange } from './tool-lock-changes.ts';
export { ToolResult, type Media } from './content.ts';
export type { Counters } from './counters.ts';
export type { ServerInfo } from './handshake.ts';
export type { HandlerContext, Handlers } from './handlers.ts';
export type { CallOptions, Interceptor, McpRequest, RequestHandler } from './interceptor.ts';
export type { ConnectionStatus } from './status.ts';
export type { Change, Subscription, SubscriptionFilter } from './subscriptions.ts';
export type { HttpServerConfig, ServerConfig, StdioServerConfig, Target, TransportSettings } from './target.ts';
export { parseConfig, type ParseConfigOptions } from './config.ts';
export { parseConfigText } from './config-json.ts';
export type { OpenTransport } from './open-connection.ts';

// Signing in.
export { logIn, type LogInOptions } from './auth/log-in.ts';
export { loginKey, memoryTokenStore, type StoredLogin, type TokenStore } from './auth/token-store.ts';
export type { Authorize, Bearer, CredentialSettings } from './auth/authorize.ts';
export type {
  AssertionContext,
  AuthorizationCodeOptions,
  ClientCredentialsOptions,
  IdentityProviderOptions,
  JwtBearerOptions,
  OAuthOptions,
  ProviderOptions,
  RedirectAnswer,
} from './auth/oauth-options.ts';

// Every failure.
export {
  ArgumentsInvalidError,
  AuthError,
  CircuitOpenError,
  ConfigError,
  ConnectTimeoutError,
  CrashLoopError,
  DeliveryUnknownError,
  HttpError,
  isMcpError,
  McpError,
  MessageTooLargeError,
  ProtocolError,
  QueueFullError,
  RateLimitError,
  ServerExitedError,
  SessionLostError,
  type Delivered,
  type McpErrorCode,
  type McpErrorOptions,
} from './errors.ts';

// The protocol's own words.
export type { OnReport, Report } from './protocol/report.ts';
export type { JsonObject } from './protocol/jsonrpc.ts';
export type { LegacyVersion, ModernVersion, ProtocolVersion } from './protocol/revisions.ts';
export type {
  CallToolResult,
  ClientCapabilities,
  CompleteResult,
  ContentBlock,
  CreateMessageRequestParams,
  CreateMessageResult,
  ElicitRequestParams,
  ElicitResult,
  GetPromptResult,
  Implementation,
  LoggingLevel,
  LoggingMessageNotificationParams,
  Progress,
  Prompt,
  ReadResourceResult,
  Resource,
  ResourceTemplate,
  Root,
  ServerCapabilities,
  Tool,
} from './protocol/types.ts';

// For those who build on it: wires, and the check of a value by a schema.
export { findSchemaViolation, type SchemaViolation } from './protocol/json-schema/find-schema-violation.ts';
export { excerpt } from './protocol/excerpt.ts';
export { searchTools } from './tool-search.ts';
export { isReadOnlyMethod, mayResend, retryDelay } from './retry.ts';
export { failureFrom, type FailedAnswer, type FailedRequest } from './transports/http-failure.ts';
export type { JSONRPCMessage, Transport, TransportSendOptions } from './transport.ts';
export { httpTransport, type HttpTransportOptions } from './transports/http.ts';
export type { HttpEndpointOptions, NetworkOptions } from './transports/http-endpoint.ts';
export type { TlsOptions } from './transports/secure-context.ts';
export { transportOpener } from './target.ts';
export { checkEncrypted, credentialHeader } from './transports/credentials.ts';
export { memoryTransportPair } from './transports/memory.ts';

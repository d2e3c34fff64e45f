// What people use.
export { connectGateway, type GatewayOptions } from './connect-gateway.ts';
export { Gateway, type GatewayClientOptions, type GatewayToolOptions } from './gateway.ts';
export { GatewayServers, type RegisterOptions } from './gateway-servers.ts';
export { GatewayClient, type GatewayClientSettings } from './gateway-client.ts';
export type { Authentication, GatewayAuth } from './authentication.ts';
export type { DialectName, GatewayCapabilities } from './dialect.ts';
export type { GatewayHttpOptions } from './gateway-http.ts';
export type { GatewayServer, Health, ServerChange, ServerSpec, ServerState, ServerTransport } from './server.ts';

// The catalogue of servers.
export { officialRegistry, openRegistry, type Registry } from './registry/registry.ts';
export { resolveServer, type ResolveOptions } from './registry/resolve-server.ts';
export type { Ask } from './registry/fill.ts';
export type {
  RegistryArgument,
  RegistryInput,
  RegistryPackage,
  RegistryRemote,
  RegistryServer,
} from './registry/registry-server.ts';

// Several gateways as one.
export { federate, Federation, type FederationOptions } from './federation/federation.ts';
export type {
  FederatedRoute,
  FederatedServer,
  FederationFailure,
  FederationMember,
  Identify,
} from './federation/federated-servers.ts';
export type { FailoverRoute } from './federation/failover.ts';
export type { Drift } from './federation/drift.ts';
export type { EverywhereOptions, RegistrationOutcome } from './federation/register-everywhere.ts';

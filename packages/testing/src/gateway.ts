export {
  referenceGateway,
  type ReferenceGateway,
  type ReferenceGatewayOptions,
} from './reference-gateway/reference-gateway.ts';

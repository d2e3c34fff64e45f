import { parseConfigText, type HttpServerConfig } from '@toolwire/client-core';
import { isObject } from '../arguments/schema.ts';
import {
  firstOfEach,
  ownLayers,
  readConfigText,
  readEntries,
  type ConfiguredServer,
  type ConfiguredServers,
} from '../config-file.ts';
import { CliError } from '../cli-error.ts';
import type { Gate } from '../config/consent.ts';
import type { Io } from '../io.ts';
import { didYouMean } from '../suggest.ts';
import { isPlainUrl } from './gateway-url.ts';

const path = ['gateways'];

/** The gateways of our configuration files, under "gateways" beside "mcpServers"; one of this folder comes before one of the user. */
export async function configuredGateways(file: string | undefined, io: Io): Promise<ConfiguredServers> {
  const layers = ownLayers(file, io).map(async (layer) => {
    const document = parseConfigText(await readConfigText(layer), layer.shown);
    const entries = isObject(document) ? document['gateways'] : undefined;
    return readEntries(isObject(entries) ? entries : {}, { ...layer, path }, io);
  });
  return firstOfEach(await Promise.all(layers));
}

/** The gateway of that name. */
export async function configuredGateway(name: string, file: string | undefined, io: Io): Promise<ConfiguredServer> {
  const gateways = await configuredGateways(file, io);
  const gateway = gateways.get(name);
  if (gateway !== undefined) return gateway;
  const hint = didYouMean(name, gateways.keys()) ?? 'Give its URL, or name it under "gateways": mcp gateway --help';
  throw new CliError('unknown-server', `No gateway is called ${JSON.stringify(name)}`, hint);
}

/** A configured gateway as it may be used, or the reason why not. */
export async function allowedGateway(gateway: ConfiguredServer, gate: Gate): Promise<HttpServerConfig | Error> {
  const config = await gate(gateway);
  if (config instanceof CliError && config.code === 'not-trusted')
    return new CliError('not-trusted', config.message, 'Look at it, and allow it for this run: --trust');
  if (config instanceof Error) return config;
  if ('url' in config && /^https?:/i.test(String(config.url)) && isPlainUrl(String(config.url))) return config;
  const place = `The gateway ${JSON.stringify(gateway.name)} of ${gateway.layer.shown}`;
  return new CliError('usage', `${place} needs a "url" of http: or https: without credentials and query`);
}

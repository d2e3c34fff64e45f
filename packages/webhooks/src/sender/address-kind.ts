import { BlockList, isIP } from 'node:net';

/** Where an address leads; `forbidden` is never connected to, whatever is allowed. */
export type AddressKind = 'public' | 'loopback' | 'private' | 'forbidden';

const loopback = ['127.0.0.0/8', '::1/128'];

const privateNetworks = ['10.0.0.0/8', '100.64.0.0/10', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'];

/** Services of clouds that hand out credentials, at addresses that look private or public. */
const metadata = ['100.100.100.200/32', '168.63.129.16/32', 'fd00:ec2::254/128', 'fd20:ce::254/128'];

/** What IANA's registries of special-purpose addresses keep from the public internet, besides the networks above. */
const special = [
  '0.0.0.0/8', // this network
  '169.254.0.0/16', // link-local, and most clouds' metadata
  '192.0.0.0/24', // protocol assignments
  '192.0.2.0/24', // documentation
  '192.88.99.0/24', // 6to4 relays
  '198.18.0.0/15', // benchmarks
  '198.51.100.0/24', // documentation
  '203.0.113.0/24', // documentation
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, and broadcast
  '2001::/23', // Teredo, benchmarks, ORCHID
  '2001:db8::/32', // documentation
  '2002::/16', // 6to4: an IPv4 address inside
  '3fff::/20', // documentation
];

/** The prefix behind which a network without IPv4 reaches IPv4 addresses (RFC 6052). */
const nat64 = '64:ff9b::';

const isLoopback = matcher(loopback);
const isPrivate = matcher(privateNetworks);
const isForbidden = matcher([
  ...metadata,
  ...special,
  ...[...loopback, ...privateNetworks, ...metadata, ...special].flatMap(behindNat64),
]);
/** All in IPv6 that may be allowed: what is not in it (`::`, IPv4-mapped, link-local, multicast …) is forbidden. */
const isUsableIPv6 = matcher(['2000::/3', `${nat64}/96`, '::1/128', 'fc00::/7']);

/** Says where an IP address leads; what is no IP address is `forbidden`. */
export function addressKind(address: string): AddressKind {
  const family = isIP(address);
  if (family === 0 || isForbidden(address) || (family === 6 && !isUsableIPv6(address))) return 'forbidden';
  if (isLoopback(address)) return 'loopback';
  return isPrivate(address) ? 'private' : 'public';
}

function matcher(ranges: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const range of ranges) {
    const [network = '', prefix] = range.split('/');
    list.addSubnet(network, Number(prefix), familyOf(network));
  }
  return (address) => list.check(address, familyOf(address));
}

function behindNat64(range: string): string[] {
  const [network = '', prefix] = range.split('/');
  return familyOf(network) === 'ipv4' ? [`${nat64}${network}/${96 + Number(prefix)}`] : [];
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return address.includes(':') ? 'ipv6' : 'ipv4';
}

/** Where an address of a network leads to. */
export type AddressKind = 'loopback' | 'private' | 'public';

/** Networks that are nobody's but one's own, or nobody's at all (the special registries of IANA). */
const privateNetworks: readonly (readonly [string, number, 'ipv4' | 'ipv6'])[] = [
  ['0.0.0.0', 8, 'ipv4'],
  ['10.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.0.0.0', 24, 'ipv4'],
  ['192.0.2.0', 24, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'],
  ['198.51.100.0', 24, 'ipv4'],
  ['203.0.113.0', 24, 'ipv4'],
  ['224.0.0.0', 3, 'ipv4'],
  ['::', 128, 'ipv6'],
  ['64:ff9b::', 96, 'ipv6'], // NAT64, Teredo and 6to4 carry an IPv4 address that nobody has looked at.
  ['64:ff9b:1::', 48, 'ipv6'],
  ['2001::', 32, 'ipv6'],
  ['2001:db8::', 32, 'ipv6'],
  ['2002::', 16, 'ipv6'],
  ['fc00::', 7, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
  ['fec0::', 10, 'ipv6'],
  ['ff00::', 8, 'ipv6'],
];

/** What kind of address this is, also when an IPv6 address wraps an IPv4 one. Node only. */
export function addressKind(address: string): AddressKind {
  const { BlockList, isIPv6 } = process.getBuiltinModule('node:net');
  const family = isIPv6(address) ? 'ipv6' : 'ipv4';
  const loopback = new BlockList();
  loopback.addSubnet('127.0.0.0', 8, 'ipv4');
  loopback.addAddress('::1', 'ipv6');
  if (loopback.check(address, family)) return 'loopback';
  const list = new BlockList();
  for (const [network, prefix, version] of privateNetworks) list.addSubnet(network, prefix, version);
  return list.check(address, family) ? 'private' : 'public';
}

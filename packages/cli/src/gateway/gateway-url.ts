/** The address of a server behind a gateway: the gateway's, with the server's name at its end, under a scheme of our own. */
export function gatewayUrlOf(gateway: string | URL, server: string): string {
  return `gateway:${String(gateway).replace(/\/+$/, '')}/${encodeURIComponent(server)}`;
}

/** The gateway and the server of an address that `gatewayUrlOf` made. */
export function readGatewayUrl(address: string | URL): { gateway: string; server: string } {
  const text = String(address);
  const end = text.lastIndexOf('/');
  return { gateway: text.slice('gateway:'.length, end), server: decodeURIComponent(text.slice(end + 1)) };
}

/** Credentials and a query would be lost, or shown, wherever an address is used or read. */
export function isPlainUrl(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url !== undefined && `${url.username}${url.password}${url.search}${url.hash}` === '';
}

import { McpError } from '@toolwire/client-core';

/** How a gateway shows itself to a server that is registered with it. */
export type Authentication =
  | { readonly type: 'none' }
  | { readonly type: 'bearer'; readonly token: string }
  | { readonly type: 'basic'; readonly username: string; readonly password: string }
  /** Default of `header`: `X-API-Key`. */
  | { readonly type: 'api_key'; readonly value: string; readonly header?: string }
  | { readonly type: 'headers'; readonly headers: Readonly<Record<string, string>> };

/** How this client shows itself to a gateway; a function is asked for the token before each request. */
export type GatewayAuth = Authentication | { readonly type: 'bearer'; readonly token: () => string | Promise<string> };

/** The headers of a request that shows this. */
export async function headersOf(auth: GatewayAuth = { type: 'none' }): Promise<Record<string, string>> {
  switch (auth.type) {
    case 'none':
      return {};
    case 'bearer':
      return sendable({
        authorization: `Bearer ${typeof auth.token === 'function' ? await auth.token() : auth.token}`,
      });
    case 'basic':
      return { authorization: `Basic ${base64(`${auth.username}:${auth.password}`)}` };
    case 'api_key':
      return sendable({ [auth.header?.toLowerCase() ?? 'x-api-key']: auth.value });
    case 'headers':
      return sendable(
        Object.fromEntries(Object.entries(auth.headers).map(([name, value]) => [name.toLowerCase(), value])),
      );
    default:
      throw new McpError(
        'config-invalid',
        `No authentication ${JSON.stringify((auth as { type: unknown }).type)} is known`,
        {
          delivered: 'no',
        },
      );
  }
}

/** Every text in it that must not be shown. */
export function secretsOf(auth: GatewayAuth = { type: 'none' }): string[] {
  const { type: _, ...fields } = auth;
  const { header: _name, headers = {}, username: _user, ...values }: Record<string, unknown> = { ...fields };
  const encoded = auth.type === 'basic' ? [base64(`${auth.username}:${auth.password}`)] : [];
  return [...Object.values(values), ...Object.values(headers as object), ...encoded].filter(
    (value) => typeof value === 'string',
  );
}

/** The platform's own complaint about such a header would repeat its value. */
function sendable(headers: Record<string, string>): Record<string, string> {
  const wrong = Object.keys(headers).find((name) => /[^\t\x20-\x7e\x80-\xff]/.test(headers[name] ?? ''));
  if (wrong === undefined) return headers;
  const text = `The header ${JSON.stringify(wrong)} has a character that no header can have; is there a line break in its value?`;
  throw new McpError('config-invalid', text, { delivered: 'no' });
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

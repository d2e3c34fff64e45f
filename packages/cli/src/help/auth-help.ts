import { options, targets } from './common.ts';

export const auth: string = `Usage: mcp auth login SERVER      log in, and keep that for every later command
       mcp auth logout SERVER     forget a login; --all forgets every one
       mcp auth status [SERVER]   who is logged in where, for how long, and for what
       mcp auth token SERVER      print the token, for scripts; renewed first if need be

  mcp auth login https://mcp.example.com/mcp
  mcp auth login https://mcp.example.com/mcp --with-token < token.txt
  curl -H "Authorization: Bearer $(mcp auth token https://mcp.example.com/mcp)" …

SERVER is a URL, or the name of a configured server. A login goes into the keychain of the system, by the package
@napi-rs/keyring where that is installed, else into files that only you can read; MCP_KEYCHAIN=off wants files. Other
commands use it by themselves, renew it, and never open a browser. A server with a header of its own for that is sent
the header, and no login.

Of login
  --no-browser         show the address; paste where the browser ended
  --scope SCOPE        ask for this too; may be repeated
  --with-token         a token that you have, from standard input
  --client-id ID       a client that is registered already
  --client-secret-env NAME, --client-secret-stdin
                       its secret: from a variable, or from standard input; needs --issuer
  --issuer URL         the authorization server; trusted also at a private address
  --redirect-url URL   where the browser comes back to, as it is registered
  --client-credentials a program logs in by itself: with --client-id, its secret and --issuer

Of token
  --show               also on a terminal

${targets}

${options}
`;

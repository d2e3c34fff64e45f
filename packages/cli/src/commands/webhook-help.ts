/** What `mcp webhook --help` prints. */
export const webhookHelp = `Usage: mcp webhook VERB

  mcp webhook secret                                                     a new secret
  mcp webhook listen --port 8080 --secret-env SECRET                     show events as they come
  mcp webhook send http://127.0.0.1:8080/ --secret-env SECRET            deliver a sample event
  mcp webhook sign event.json --secret-env SECRET > headers.txt          the headers for these bytes
  mcp webhook verify event.json --header @headers.txt --secret-env SECRET

Verbs
  listen             receives deliveries on this machine, at any path, and prints what is verified; each message once
  send URL [FILE|-]  delivers an event, or what is in FILE; to other machines by https only
  sign FILE|-        prints both families of headers: Standard Webhooks, and X-MCP-Signature
  verify FILE|-      says whether the signature in the headers is right, and if not, why
  secret             prints a new secret

Options
  --secret-env NAME  the variable that holds the secret, whsec_…; if repeated, all of them sign and any verifies
  --raw-secret       the secret is text, used as it is
  --json             one line of JSON for each result
  -h, --help         this text

Options of listen
  --port PORT        default: a free one, which is told on stderr
  --host ADDRESS     default 127.0.0.1
  --forward URL      post what is verified there too; unless that succeeds, the sender is asked to try again
  --scheme NAME      standard, mcp, standard-v1a, mcp-draft, mcp-legacy, github, slack, stripe or shopify; if
                     repeated, the first whose header is there decides. Default: standard, then mcp. Also for verify

Options of sign and verify
  --header 'N: V'    a header of the request, or @FILE with one a line; may be repeated. For send: a header to add
  --at SECONDS       the time to sign, or to check, at, in unix seconds. Default: now
  --id ID            the message's id. Default: a new one. Also for send

Options of send
  --timeout TIME     500 (ms), 30s, 2m. Default 15s
  --allow-private    private networks may be sent to, also over http

Exit codes
  0 done   1 the signature is wrong   2 wrong usage, secret or file   3 not delivered   124 timeout   130 interrupted
`;

import { AuthError, isMcpError, type McpError, type McpErrorCode } from '@toolwire/client-core';
import { CliError, type CliErrorCode } from '../cli-error.ts';
import { print, type Output } from '../io.ts';
import { ServerFailure } from '../server-failure.ts';
import { lastLines } from '../stderr-tail.ts';
import { safeJson, sanitize, sanitizeLine } from './sanitize.ts';

const maxMessage = 2_048;

/** A failure as it is told to people and programs. */
export interface FailureReport {
  readonly code: McpErrorCode | CliErrorCode | 'unexpected';
  readonly message: string;
  readonly server: string | undefined;
  readonly hint: string | undefined;
  readonly stderr: readonly string[];
}

const wrongAddress = 'Is this the address of an MCP server? It often ends in /mcp';
const waitLonger = 'Wait longer with --timeout, for example --timeout 2m';

const credentialHint =
  'Send a credential with --header \'Authorization: Bearer TOKEN\', or with "headers" in the configuration';

const hints: Partial<Record<McpErrorCode, string>> = {
  'invalid-response': wrongAddress,
  'http-error': wrongAddress,
  unauthorized: credentialHint,
  'connect-timeout': waitLonger,
  timeout: waitLonger,
  'tool-changed': 'What changed: mcp schema verify. Where that is right: mcp schema lock --force',
  'delivery-unknown': 'The tool may have run: look before you call it again',
};

/** What went wrong, in one line, and what may help. */
export function describeFailure(error: unknown): FailureReport {
  if (error instanceof ServerFailure) return describeServerFailure(error);
  const message = sanitizeLine(error instanceof Error ? error.message : String(error)).slice(0, maxMessage);
  if (error instanceof CliError) {
    const hint = error.hint === undefined ? undefined : sanitize(error.hint);
    return { code: error.code, message, server: undefined, hint, stderr: [] };
  }
  if (isMcpError(error)) return { code: error.code, message, server: undefined, hint: hintFor(error), stderr: [] };
  return {
    code: 'unexpected',
    message: `Unexpected failure: ${message}`,
    server: undefined,
    hint: undefined,
    stderr: [],
  };
}

/** A failure where a result would stand, for programs. */
export function failureAsJson(error: unknown): { readonly error: Pick<FailureReport, 'code' | 'message'> } {
  const { code, message } = describeFailure(error);
  return { error: { code, message } };
}

/** Prints a failure: one line, a hint and the server's last words; or, for programs, one line of JSON. */
export function printFailure(output: Output, error: unknown, asJson: boolean): Promise<void> {
  const { code, message, server, hint, stderr } = describeFailure(error);
  if (asJson) {
    const report = { code, message, server: server ?? null, hint: hint ?? null, ...(stderr.length > 0 && { stderr }) };
    return print(output, `${safeJson({ error: report }, 0)}\n`);
  }
  const isNamed = server === undefined || message.includes(originOf(server));
  const lines = [`mcp: ${isNamed ? '' : `${server}: `}${message}`];
  if (hint !== undefined) lines.push(...hint.split('\n').map((line) => `  ${line}`));
  if (stderr.length > 0)
    lines.push(`  Last lines of stderr of ${server ?? 'the server'}:`, ...stderr.map((line) => `    ${line}`));
  return print(output, `${lines.join('\n')}\n`);
}

/** What the words of the core are called here. */
const hintsByWord: readonly (readonly [RegExp, string])[] = [
  [/\ballowInsecureHttp\b/, 'If that is meant, add --insecure-http'],
  [/\btls\.ca\b/, 'Name the file of its authority with --ca FILE'],
];

function hintByWord({ message }: McpError): string | undefined {
  return hintsByWord.find(([words]) => words.test(message))?.[1];
}

function hintFor(error: McpError): string | undefined {
  const named = hintByWord(error);
  if (named !== undefined) return named;
  const isTheirs = 'status' in error && typeof error.status === 'number' && error.status >= 500;
  return isTheirs ? undefined : hints[error.code];
}

function originOf(server: string): string {
  return URL.canParse(server) ? new URL(server).origin : server;
}

function describeServerFailure({ cause, server, stderr, hints: own }: ServerFailure): FailureReport {
  const report = describeFailure(cause);
  // What the process that failed wrote comes before what all of its predecessors wrote.
  const last = tailOf(cause);
  const lines = last.length > 0 ? last : stderr;
  const usualHint = (): string | undefined => (report.code === 'unauthorized' ? loginHint(server, cause) : report.hint);
  return {
    ...report,
    hint: own === undefined || !isMcpError(cause) ? usualHint() : (hintByWord(cause) ?? own[cause.code]),
    server: sanitizeLine(server),
    stderr: lines.map((line) => sanitizeLine(line).slice(0, maxMessage)),
  };
}

/** Whoever is refused can log in, or show another credential. */
function loginHint(server: string, cause: unknown): string {
  const challenge = cause instanceof AuthError ? cause.challenge : undefined;
  const scope = /\bscope="([\x20-\x7e]+?)"/.exec(challenge ?? '')?.[1];
  const asked = scope === undefined ? '' : ` --scope '${scope.replaceAll("'", '')}'`;
  return `Log in: mcp auth login ${sanitizeLine(server)}${asked}\n${credentialHint}`;
}

function tailOf(error: unknown): readonly string[] {
  const text = error instanceof Error && 'stderrTail' in error ? error.stderrTail : '';
  return typeof text === 'string' ? lastLines(text) : [];
}

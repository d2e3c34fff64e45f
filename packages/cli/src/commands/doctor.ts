import { isMcpError, type ServerConfig } from '@toolwire/client-core';
import { askAll } from '../ask-all.ts';
import type { CommandContext } from '../context.ts';
import { adviceOn } from '../doctor/advice.ts';
import type { Finding } from '../doctor/finding.ts';
import { commandProbes } from '../doctor/probe-command.ts';
import { urlProbes } from '../doctor/probe-url.ts';
import { commonExitCode, exitCodeOf, type ExitCode } from '../exit-codes.ts';
import { describeFailure } from '../output/failure.ts';
import { readGatewayUrl } from '../gateway/gateway-url.ts';
import { openShow } from '../output/show.ts';
import { sanitizeLine } from '../output/sanitize.ts';
import type { OpenServer } from '../servers.ts';
import { isGatewayUrl } from '../target-of.ts';
import { resolveTargets, type ServerTarget } from '../targets.ts';

/** What was found about one server, up to the first thing that is wrong. */
interface Diagnosis {
  readonly server: string;
  readonly findings: readonly Finding[];
  /** The exit code of what is wrong. */
  readonly failure: unknown;
}

/** `mcp doctor [SERVER…]`: walks the way to each server step by step, and says where it ends and what to do. */
export async function doctor(context: CommandContext): Promise<ExitCode> {
  const { line, settings, io } = context;
  const show = await openShow(settings, io);
  const targets = await resolveTargets({ settings, names: line.operands, command: line.command }, io);
  const answers = await askAll(targets, context, (server) => diagnose(targetOf(server, targets), server, context));
  const diagnoses = answers.flatMap(({ value }) => (value === undefined ? [] : [value]));
  await show({
    value: { servers: Object.fromEntries(diagnoses.map(({ server, findings }) => [server, asJson(findings)])) },
    body: diagnoses.map(format).join('\n'),
    lines: diagnoses.map(({ server, findings }) => ({ server, ...asJson(findings) })),
  });
  const failures = diagnoses.flatMap(({ failure }) => (failure === undefined ? [] : [failure]));
  return failures.length === 0 ? 0 : commonExitCode(failures);
}

function targetOf(server: OpenServer, targets: readonly ServerTarget[]): ServerTarget {
  const target = targets.find(({ name }) => name === server.name);
  if (target === undefined) throw new Error(`${server.name} was not asked for`);
  return target;
}

async function diagnose(
  { name, config }: ServerTarget,
  server: OpenServer,
  { io }: CommandContext,
): Promise<Diagnosis> {
  const findings: Finding[] = [];
  const end = (failure?: unknown): Diagnosis => ({ server: name, findings, failure });
  if (config instanceof Error) {
    findings.push(await failed('configuration', config));
    return end(config);
  }
  // The way to a server behind a gateway is that to the gateway.
  const way =
    'url' in config && isGatewayUrl(config.url) ? { ...config, url: readGatewayUrl(config.url).gateway } : config;
  findings.push({ step: 'configuration', ok: true, message: summaryOf(way) });
  for (const probe of 'url' in way ? urlProbes(way) : commandProbes(way, io.env)) {
    const finding = await probe();
    findings.push(finding);
    if (!finding.ok) return end(finding.cause);
  }
  try {
    const { name: called, version, protocolVersion } = await server.use((client) => client.connect());
    findings.push({ step: 'handshake', ok: true, message: `${called} ${version}, protocol ${protocolVersion}` });
  } catch (error) {
    findings.push(await failed(exitCodeOf(error) === 4 ? 'credentials' : 'handshake', error, config));
    return end(error);
  }
  try {
    const tools = await server.listTools();
    const isBare = tools.length === 0 && 'url' in config;
    findings.push({ step: 'tools', ok: true, message: `${tools.length} tools`, ...(isBare && { advice: noTools }) });
  } catch (error) {
    findings.push(await failed('tools', error, config));
    return end(error);
  }
  return end();
}

const noTools = 'If there should be some: does the credential have the scopes that they need?';

async function failed(step: Finding['step'], error: unknown, config?: ServerConfig): Promise<Finding> {
  const { message, hint, stderr } = describeFailure(error);
  const first = config === undefined ? undefined : await adviceOn(error, config);
  const second = hint ?? (isMcpError(error) && error.code === 'config-invalid' ? 'Correct this entry' : undefined);
  const advice = [first, second].filter((line) => line !== undefined).join('\n') || undefined;
  return { step, ok: false, message, ...(advice !== undefined && { advice }), ...(stderr.length > 0 && { stderr }) };
}

function summaryOf(config: ServerConfig): string {
  return 'url' in config ? new URL(config.url).origin : config.command;
}

function format({ server, findings }: Diagnosis): string {
  const lines = findings.flatMap(({ step, ok, message, advice, stderr = [] }) => [
    `  ${ok ? 'ok    ' : 'FAILED'}  ${step.padEnd(13)}  ${sanitizeLine(message)}`,
    ...(advice === undefined ? [] : advice.split('\n').map((line) => `          ${sanitizeLine(line)}`)),
    ...stderr.map((line) => `          stderr: ${sanitizeLine(line)}`),
  ]);
  return [sanitizeLine(server), ...lines].map((line) => `${line}\n`).join('');
}

function asJson(findings: readonly Finding[]): { ok: boolean; steps: readonly object[] } {
  return { ok: findings.every(({ ok }) => ok), steps: findings.map(({ cause: _cause, ...finding }) => finding) };
}

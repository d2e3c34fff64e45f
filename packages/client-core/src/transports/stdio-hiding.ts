import type { Transport } from '../transport.ts';
import { hidingTransport } from './hiding-transport.ts';
import { Secrets } from './secrets.ts';
import { stdioTransport, type StdioTransportOptions } from './stdio.ts';

/** A connection to a child process that shows nothing of its secret variables and arguments, whatever it writes where. */
export function hidingStdioTransport(options: StdioTransportOptions): Transport {
  const { args, env, inheritEnv = [], onStderr, onIgnored } = options;
  const secrets = new Secrets();
  secrets.addNamed(env);
  for (const name of inheritEnv) secrets.addNamed({ [name]: process.env[name] ?? '' });
  addArguments(secrets, args);
  const inner = stdioTransport({
    ...options,
    ...(onStderr !== undefined && { onStderr: (text) => onStderr(secrets.hide(text)) }),
    ...(onIgnored !== undefined && { onIgnored: (line) => onIgnored(secrets.hide(line)) }),
  });
  return secrets.isEmpty ? inner : hidingTransport(inner, secrets);
}

/** What follows a flag that is named like a credential (`--token=abc`, `--api-key abc`), and URLs with one. */
function addArguments(secrets: Secrets, args: readonly string[] = []): void {
  for (const [index, arg] of args.entries()) {
    const [, flag = '', value = ''] = /^(--?[\w-]+)=(.*)$/s.exec(arg) ?? [];
    const [before = ''] = /^--?[\w-]+$/.exec(args[index - 1] ?? '') ?? [];
    secrets.addNamed({ [flag]: value });
    secrets.addNamed({ [before]: arg });
  }
}

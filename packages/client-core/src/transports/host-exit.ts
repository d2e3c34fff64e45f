/** What every copy of this package in one process shares, so that no copy takes another's listener for the host's. */
interface HostExitRegistry {
  readonly callbacks: Set<() => void>;
  stopListening(): void;
}

const registryKey = Symbol.for('toolwire.hostExit');
const holder = globalThis as { [registryKey]?: HostExitRegistry | undefined }; // The name is ours.
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs `callback`, which must be synchronous, when this process exits or dies of SIGINT, SIGTERM or SIGHUP; returns
 * how to take it back. A host that handles a signal itself decides what happens; then only its exit counts.
 */
export function onHostExit(callback: () => void): () => void {
  const registry = (holder[registryKey] ??= listen());
  registry.callbacks.add(callback);
  return () => {
    if (!registry.callbacks.delete(callback) || registry.callbacks.size > 0) return;
    registry.stopListening();
    holder[registryKey] = undefined;
  };
}

function listen(): HostExitRegistry {
  const callbacks = new Set<() => void>();
  const runAll = (): void => {
    for (const callback of callbacks) callback();
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    if (process.listenerCount(signal) > 1 + observerCount()) return;
    runAll();
    process.off(signal, onSignal);
    process.kill(process.pid, signal); // Nobody else handles it: it must still end the process.
  };
  process.on('exit', runAll);
  for (const signal of signals) process.on(signal, onSignal);
  return {
    callbacks,
    stopListening() {
      process.off('exit', runAll);
      for (const signal of signals) process.off(signal, onSignal);
    },
  };
}

// The package signal-exit, which many command line tools bring along, only observes too: it waits, as we do, to be the
// last listener. If neither allowed for the other, Ctrl-C would do nothing.
function observerCount(): number {
  const current = (globalThis as Record<symbol, unknown>)[Symbol.for('signal-exit emitter')];
  const old = (process as unknown as Record<string, unknown>)['__signal_exit_emitter__']; // Before version 4.
  return [current, old].reduce<number>((total, emitter) => total + countOf(emitter), 0);
}

function countOf(emitter: unknown): number {
  return typeof emitter === 'object' && emitter !== null && 'count' in emitter ? Number(emitter.count) : 0;
}

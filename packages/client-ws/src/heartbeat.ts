/** Watches for signs of life. */
export interface Heartbeat {
  /** Whatever arrives is a sign of life. */
  heard(): void;
  stop(): void;
}

/**
 * Pings when nothing was heard for `intervalMs`, and once more half an interval later; calls `onSilent` when nothing was
 * heard for two intervals. Zero switches it off.
 */
export function heartbeat(intervalMs: number, ping: () => void, onSilent: () => void): Heartbeat {
  let heardAt = performance.now();
  let missed = 0;
  let isStopped = intervalMs <= 0;
  let timer = isStopped ? undefined : setTimeout(beat, intervalMs);

  function beat(): void {
    const rest = heardAt + intervalMs - performance.now();
    if (rest > 0) {
      missed = 0;
      timer = setTimeout(beat, rest);
    } else if (missed < 2) {
      missed += 1;
      timer = setTimeout(beat, intervalMs / 2);
      ping();
    } else {
      setImmediate(decide); // A busy host runs late timers before it reads its sockets: the answer may lie there.
    }
  }

  function decide(): void {
    if (isStopped) return;
    if (performance.now() - heardAt < intervalMs) beat();
    else onSilent();
  }

  return {
    heard() {
      heardAt = performance.now();
    },
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}

import { createBudget } from './budget.ts';

/** Why an event is not delivered. */
export type DropReason =
  /** Too much was waiting already. */
  | 'queue_full'
  /** The sender was closed before the event was delivered. */
  | 'closed'
  /** The receiver answers 410: it wants nothing more. */
  | 'endpoint_gone'
  /** The receiver answers 413, or 3xx or 4xx time after time. */
  | 'rejected'
  /** The last attempt of the schedule failed. */
  | 'exhausted'
  /** The endpoint's name resolves to an address that nothing may be sent to. */
  | 'address_refused';

/** An event that was not delivered, with all that it takes to send it again. */
export interface DeadLetter {
  /** The `webhook-id`: the same in every attempt, redelivery included. */
  readonly id: string;
  /** The JSON that was sent. */
  readonly body: string;
  readonly orderKey?: string | undefined;
  readonly reason: DropReason;
  readonly attempts: number;
  /** The status of the last answer, if there was one. */
  readonly status?: number | undefined;
  /** When it was given up, in milliseconds since 1970. */
  readonly droppedAt: number;
}

/** Keeps what could not be delivered. */
export interface DeadLetterStore {
  /** Keeps a letter, in place of one with the same id. */
  put(letter: DeadLetter): void | Promise<void>;
  get(id: string): DeadLetter | undefined | Promise<DeadLetter | undefined>;
  /** The ids of all letters, oldest first. */
  ids(): readonly string[] | Promise<readonly string[]>;
  delete(id: string): void | Promise<void>;
}

/** Keeps the newest letters in memory, at most 1,000 and 32 MiB of them unless told otherwise; they end with the process. */
export function memoryDeadLetters(most = 1_000, mostBytes = 33_554_432): DeadLetterStore {
  const letters = new Map<string, DeadLetter>();
  const budget = createBudget(most, mostBytes);
  return { put, get: (id) => letters.get(id), ids: () => [...letters.keys()], delete: remove };

  function put(letter: DeadLetter): void {
    remove(letter.id);
    while (!budget.take(letter.body.length)) {
      const [oldest] = letters.keys();
      if (oldest === undefined) throw new Error('The dead letter is larger than all that may be kept');
      remove(oldest);
    }
    letters.set(letter.id, letter);
  }

  function remove(id: string): void {
    const letter = letters.get(id);
    if (letter !== undefined) budget.giveBack(letter.body.length);
    letters.delete(id);
  }
}

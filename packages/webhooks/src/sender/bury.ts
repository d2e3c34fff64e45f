import type { Budget } from './budget.ts';
import type { DeadLetter, DeadLetterStore } from './dead-letters.ts';

/**
 * Puts a letter into its store. Says false, and never throws, when the store fails, or has so much to write already that
 * more would not fit into memory.
 */
export async function bury(letter: DeadLetter, store: DeadLetterStore, writing: Budget): Promise<boolean> {
  const bytes = letter.body.length;
  if (!writing.take(bytes)) return false;
  try {
    await store.put(letter);
    return true;
  } catch {
    return false;
  } finally {
    writing.giveBack(bytes);
  }
}

/** Takes a letter out of its store once it is delivered. */
export async function exhume(id: string, store: DeadLetterStore): Promise<void> {
  try {
    await store.delete(id);
  } catch {
    // It stays, and may be delivered twice: under one id, by which receivers know duplicates.
  }
}

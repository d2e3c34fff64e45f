import type { Scope } from '../expression/evaluate.ts';
import type { Place } from './places.ts';

/** A step at a place. */
export interface Work {
  readonly place: Place;
  readonly scope: Scope;
  /** Under which the outcome is recorded. */
  readonly name: string;
  /** Told when this process does the work, rather than reads what another has recorded. */
  readonly onFresh: () => void;
}

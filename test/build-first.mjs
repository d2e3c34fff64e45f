import { buildIfChanged } from '../scripts/build-if-changed.mjs';

/**
 * Some tests use what is built, as users do: they meet what the sources say now. A build that fails is shown, and the
 * tests of the sources run all the same.
 */
export function setup() {
  buildIfChanged();
}

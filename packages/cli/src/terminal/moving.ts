// One chunk for what only a terminal needs.
export { askUser } from './ask-user.ts';
export { lineReader } from './line-reader.ts';
export { openSpinner } from './spinner.ts';

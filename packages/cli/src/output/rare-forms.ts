// One chunk for what most results do not need.
export { openForm } from './forms.ts';
export { openSave } from './save.ts';

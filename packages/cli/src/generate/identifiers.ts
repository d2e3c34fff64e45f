import { wordsOf } from '../lint/names.ts';

/** `get-user_name` as `getUserName`. */
export function camelCase(name: string): string {
  const joined = pascalCase(name);
  return joined.slice(0, 1).toLowerCase() + joined.slice(1);
}

/** `get-user_name` as `GetUserName`: a name for a type, whatever the words are. */
export function pascalCase(name: string): string {
  const joined = wordsOf(name)
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('');
  return /^[\p{L}_$]/u.test(joined) ? joined : `Tool${joined}`;
}

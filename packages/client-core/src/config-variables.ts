/** What fills the `${…}` of a configuration. */
export interface Variables {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The text of a file; absent where there are no files. */
  readonly readFile?: ((path: string) => string) | undefined;
  /** What `~` stands for. */
  readonly home?: string | undefined;
}

const reference = /\$\{(?:file:(?<path>[^}]+)|(?:env:)?(?<name>[A-Za-z_]\w*)(?<fallback>:-[^}]*)?)\}/g;
const editorReference = /\$\{(?:command|config|input|secret):[^}]*\}/;

/** Fills in `${NAME}`, `${env:NAME}`, `${NAME:-default}` and `${file:path}`; `refuse` is told what cannot be filled in. */
export function interpolate(text: string, variables: Variables, refuse: (problem: string) => Error): string {
  const foreign = editorReference.exec(text)?.[0];
  if (foreign !== undefined) throw refuse(`uses ${foreign}, which only an editor can fill in; use \${env:NAME}`);
  return text.replaceAll(reference, (whole: string, path: string | undefined, name: string, fallback?: string) =>
    path === undefined ? valueOf(name, fallback, whole, variables, refuse) : contentOf(path, whole, variables, refuse),
  );
}

function valueOf(
  name: string,
  fallback: string | undefined,
  whole: string,
  { env }: Variables,
  refuse: (problem: string) => Error,
): string {
  const value = Object.hasOwn(env, name) ? env[name] : undefined;
  if (fallback !== undefined) return value === undefined || value === '' ? fallback.slice(2) : value;
  if (value !== undefined) return value;
  throw refuse(`uses ${whole}, but the variable ${name} is not set; set it, or write \${${name}:-default}`);
}

/** Editors and `echo` end a file with a line end that is no part of a secret. */
function contentOf(path: string, whole: string, variables: Variables, refuse: (problem: string) => Error): string {
  if (variables.readFile === undefined) throw refuse(`uses ${whole}, but files are not read here; use \${env:NAME}`);
  const location = expandHome(path, variables, refuse);
  try {
    return variables.readFile(location).replace(/\r?\n$/, '');
  } catch (error) {
    throw refuse(`uses ${whole}, which ${error instanceof Error ? error.message : 'cannot be read'}`);
  }
}

/** A path whose leading `~` is the home folder. */
export function expandHome(path: string, { home }: Variables, refuse: (problem: string) => Error): string {
  if (!/^~(?=[/\\]|$)/.test(path)) return path;
  if (home === undefined) throw refuse('begins with ~, but the home folder is not known; write the whole path');
  return home + path.slice(1);
}

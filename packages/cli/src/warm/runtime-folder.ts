type Environment = Readonly<Record<string, string | undefined>>;

/** The folder of this user's sockets: `$XDG_RUNTIME_DIR/mcp`, or one of its own in the temporary folder. */
export function runtimeFolder(env: Environment): string {
  const ofUser = env['XDG_RUNTIME_DIR'];
  if (ofUser?.startsWith('/') === true) return `${ofUser}/mcp`;
  return `${env['TMPDIR']?.replace(/\/+$/, '') || '/tmp'}/mcp-${process.getuid?.() ?? 'user'}`;
}

/** The sockets in `folder`, by their paths; none where there is no folder. */
export function socketsIn(folder: string): readonly string[] {
  const { readdirSync } = process.getBuiltinModule('node:fs');
  try {
    const names = readdirSync(folder).filter((name) => name.endsWith('.sock'));
    return names.map((name) => `${folder}/${name}`);
  } catch {
    return [];
  }
}

/** Whether this user keeps any connection warm. Cheap, since every command asks. */
export function keepsAnyWarm(env: Environment): boolean {
  return process.platform !== 'win32' && socketsIn(runtimeFolder(env)).length > 0;
}

/** True for a folder, or a socket, that belongs to this user and that nobody else may use. */
export function isPrivate(path: string): boolean {
  const { lstatSync } = process.getBuiltinModule('node:fs');
  // Not followed: a link could lead to what somebody else has put there.
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined || !(found.isDirectory() || found.isSocket())) return false;
  return found.uid === process.getuid?.() && (found.mode & 0o077) === 0;
}

const inheritedOnPosix = ['HOME', 'LOGNAME', 'PATH', 'SHELL', 'TERM', 'USER'];
const inheritedOnWindows = [
  'APPDATA',
  'COMSPEC',
  'HOMEDRIVE',
  'HOMEPATH',
  'LOCALAPPDATA',
  'PATH',
  'PATHEXT',
  'PROCESSOR_ARCHITECTURE',
  'PROGRAMDATA',
  'PROGRAMFILES',
  'PROGRAMFILES(X86)',
  'PROGRAMW6432',
  'SYSTEMDRIVE',
  'SYSTEMROOT',
  'TEMP',
  'USERNAME',
  'USERPROFILE',
  'WINDIR',
];

/** What a server's environment is made of, besides the few variables that every program needs. */
export interface StdioEnvironmentOptions {
  /** Variables to set. */
  env?: Readonly<Record<string, string>> | undefined;
  /** Names of further variables to take over from this process. */
  inheritEnv?: readonly string[] | undefined;
}

/** The environment of a stdio server: this process's secrets are not in it unless they are named. */
export function stdioEnvironment(
  { env = {}, inheritEnv = [] }: StdioEnvironmentOptions,
  own: Readonly<Record<string, string | undefined>> = process.env,
  platform: string = process.platform,
): Record<string, string> {
  const environment = Object.create(null) as Record<string, string>; // Any name is a name, `__proto__` too.
  for (const name of platform === 'win32' ? inheritedOnWindows : inheritedOnPosix) {
    const value = own[name];
    // A value that begins so is an exported shell function: code, not a setting.
    if (value !== undefined && !value.startsWith('()')) environment[name] = value;
  }
  for (const name of inheritEnv) {
    const value = Object.hasOwn(own, name) ? own[name] : undefined;
    if (value !== undefined) environment[name] = value;
  }
  return Object.assign(environment, env);
}

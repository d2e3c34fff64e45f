// One chunk for what reads and writes configuration files.
export { configPath } from './commands/config-path.ts';
export { configShow } from './commands/config-show.ts';
export { configValidate } from './commands/config-validate.ts';
export { serversAdd, serversRemove } from './commands/servers-add.ts';
export { serversImport } from './commands/servers-import.ts';
export { serversInstall } from './commands/servers-install.ts';
export { serversTrust } from './commands/servers-trust.ts';
export { serversList, serversShow } from './commands/servers.ts';
export { editorNames } from './config/editors.ts';

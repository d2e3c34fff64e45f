// One chunk for the four.
export { authLogin } from './auth-login.ts';
export { authLogout } from './auth-logout.ts';
export { authStatus } from './auth-status.ts';
export { authToken } from './auth-token.ts';

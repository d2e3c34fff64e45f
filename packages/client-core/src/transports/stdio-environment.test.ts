import { expect, test } from 'vitest';
import { stdioEnvironment } from './stdio-environment.ts';

const own = { HOME: '/home/me', PATH: '/bin', TERM: 'xterm', AWS_SECRET_ACCESS_KEY: 'canary', PROXY: 'http://proxy' };

test('passes on only what every program needs', () => {
  expect(stdioEnvironment({}, own, 'linux')).toEqual({ HOME: '/home/me', PATH: '/bin', TERM: 'xterm' });
});

test('adds what is set and what is named', () => {
  const environment = stdioEnvironment(
    { env: { TOKEN: 't', PATH: '/opt' }, inheritEnv: ['PROXY', 'UNSET'] },
    own,
    'linux',
  );
  expect(environment).toEqual({ HOME: '/home/me', PATH: '/opt', TERM: 'xterm', TOKEN: 't', PROXY: 'http://proxy' });
});

test('passes on what programs on Windows need', () => {
  const environment = stdioEnvironment({}, { SYSTEMROOT: 'C:\\Windows', PATHEXT: '.EXE', SECRET: 'x' }, 'win32');
  expect(environment).toEqual({ SYSTEMROOT: 'C:\\Windows', PATHEXT: '.EXE' });
});

test('leaves out exported shell functions', () => {
  expect(stdioEnvironment({}, { SHELL: '() { :; }; echo' }, 'linux')).toEqual({});
});

test('treats __proto__ and constructor as names like any other', () => {
  const environment = stdioEnvironment(
    { env: JSON.parse('{"__proto__":"a"}') as never, inheritEnv: ['constructor'] },
    {},
  );
  expect(Object.entries(environment)).toEqual([['__proto__', 'a']]);
});

import { afterEach, describe, expect, test } from 'vitest';
import { closeHubs, counted, hubOf, namesOf, toolsServer } from '../test-support/many-servers.ts';
import { refusal, scriptedServer } from '../test-support/scripted-server.ts';
import type { HubOptions, HubPolicy, HubServer } from './hub-options.ts';
import type { Report } from './protocol/report.ts';

afterEach(closeHubs);

describe('a policy', () => {
  const tools = ['list_issues', 'delete_repo', 'admin/reset'];

  test.each<[HubPolicy, HubOptions, string[]]>([
    [{ allow: ['list_*'] }, {}, ['list_issues']],
    [{ deny: ['delete_*', 'admin/*'] }, {}, ['list_issues']],
    [{ allow: ['*'], deny: ['list_issues'] }, {}, ['delete_repo', 'admin/reset']],
    [{ allow: [] }, {}, []],
    [{}, { deny: ['*'] }, []],
    [{ allow: ['*_*'] }, { deny: ['delete_*'] }, ['list_issues']],
  ])('%j in a hub with %j leaves %j', async (policy, options, left) => {
    const github = toolsServer('github', tools);
    const hub = hubOf({ github: { target: github.open, ...policy } }, options);
    expect((await hub.listTools()).map(({ tool }) => tool)).toEqual(left);
    expect(namesOf(await hub.client('github').listTools())).toEqual(left);
    for (const tool of tools.filter((name) => !left.includes(name))) {
      const refused = { code: 'arguments-invalid', delivered: 'no', message: expect.stringMatching(/forbid/) };
      await expect(hub.callTool({ server: 'github', tool })).rejects.toMatchObject(refused);
      await expect(hub.callTool(`github/${tool}`)).rejects.toMatchObject(refused);
      await expect(hub.client('github').callTool(tool)).rejects.toMatchObject(refused);
      await expect(hub.client('github').request('tools/call', { name: tool })).rejects.toMatchObject(refused);
    }
    expect(counted(github, 'tools/call')).toBe(0);
  });

  test('is not got past by an interceptor', async () => {
    const github = toolsServer('github', tools);
    const rename: HubPolicy['interceptors'] = [
      (next) => (request) => next({ ...request, params: { ...request.params, name: 'delete_repo' } }),
    ];
    const hub = hubOf({ github: { target: github.open, deny: ['delete_*'], interceptors: rename } });
    await expect(hub.callTool('github/list_issues')).rejects.toThrow(/forbid/);
    expect(counted(github, 'tools/call')).toBe(0);
  });

  test('gives a server options of its own', async () => {
    const seen: string[] = [];
    const failing = (attempts: number): HubServer => ({
      target: toolsServer('x', ['a'], { answers: { 'tools/call': refusal(-32603) } }).open,
      attempts,
      trustAnnotations: true,
      onRetry: ({ method }) => seen.push(method),
      interceptors: [(next) => (request) => (seen.push('own'), next(request))],
    });
    const hub = hubOf(
      { twice: failing(2) },
      { attempts: 1, interceptors: [(next) => (request) => (seen.push('every'), next(request))] },
    );
    await expect(hub.callTool('twice/a', {}, { idempotent: true })).rejects.toMatchObject({ attempts: 2 });
    expect(seen).toEqual(['every', 'own', 'every', 'own', 'tools/call']);
  });

  test('leaves a malformed list to the check of the answer', async () => {
    const reports: [string, Report][] = [];
    const liar = scriptedServer({ answers: { 'tools/list': () => ({ tools: [null, {}, { name: 'a' }] }) } });
    const hub = hubOf({ liar: { target: liar.open, deny: ['b'] } }, { onReport: (...report) => reports.push(report) });
    expect(namesOf(await hub.listTools())).toEqual(['liar/a']);
    expect(reports.map(([server, { kind }]) => [server, kind])).toEqual([
      ['liar', 'dropped'],
      ['liar', 'dropped'],
      ['liar', 'repaired'],
    ]);
  });
});

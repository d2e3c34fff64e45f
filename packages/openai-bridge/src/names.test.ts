import { expect, test } from 'vitest';
import { legalName, nameTools, type NamedTool } from './names.ts';

function tool(name: string, server?: string): NamedTool {
  return server === undefined ? { tool: { name } } : { server, tool: { name } };
}

function namesOf(entries: readonly NamedTool[]): string[] {
  const { nameOf } = nameTools(entries);
  return entries.map((entry) => nameOf(entry));
}

test.each([
  ['list_issues', 'list_issues'],
  ['calendar.respondToEvent', 'calendar_respondToEvent'],
  ['user-profile/update', 'user-profile__update'],
  ['a b  c', 'a_b_c'],
])('makes %s legal and keeps it readable', (text, name) => {
  expect(legalName(text)).toBe(name);
});

test.each(['查询天气', '', '...', 'x'.repeat(65), '🙂'])('gives %s a legal name of its own', (text) => {
  expect(legalName(text)).toMatch(/^[\w-]{1,64}$/);
  expect(legalName(text)).not.toBe(legalName(`${text}!`));
});

test('puts the server in front, and finds the tool again by the name', () => {
  const entries = [tool('create_issue', 'github'), tool('create_issue', 'linear'), tool('search')];
  const { nameOf, entryOf, collisions } = nameTools(entries);
  expect(entries.map((entry) => nameOf(entry))).toEqual(['github__create_issue', 'linear__create_issue', 'search']);
  for (const entry of entries) expect(entryOf(nameOf(entry))).toBe(entry);
  expect(entryOf('made_up')).toBeUndefined();
  expect(collisions).toEqual([]);
});

test('cuts a name of over 64 characters, so that two of the same beginning stay apart', () => {
  const long = 'get_active_ingredient_application_number_manufacturer_name_by_drug_name';
  const names = namesOf([tool(`${long}_a`), tool(`${long}_b`)]);
  expect(new Set(names).size).toBe(2);
  for (const name of names) expect(name).toMatch(/^get_active_ingredient_[\w-]+$/);
  for (const name of names) expect(name.length).toBeLessThanOrEqual(64);
});

test('gives the same names on every run, in any order, and beside any other tools', () => {
  const entries = [tool('a.b', 's'), tool('a_b', 's'), tool('ü', 's'), tool('x'.repeat(80), 's')];
  const before = namesOf(entries);
  expect(before).toEqual(['s__a_b_o7qv0z75', 's__a_b', 's____jupocao6', `s__${'x'.repeat(52)}_pve0ea9a`]);
  expect(namesOf(entries.toReversed()).toReversed()).toEqual(before);
  expect(namesOf([...entries, tool('other', 's')]).slice(0, 4)).toEqual(before);
});

test('lets the tool that is really named so keep its name when others want it, and reports it', () => {
  const entries = [tool('a.b'), tool('a b'), tool('a_b')];
  const { nameOf, entryOf, collisions } = nameTools(entries);
  const names = entries.map((entry) => nameOf(entry));
  expect(names[2]).toBe('a_b');
  expect(new Set(names).size).toBe(3);
  for (const entry of entries) expect(entryOf(nameOf(entry))).toBe(entry);
  expect(collisions).toEqual([{ wanted: 'a_b', names }]);
});

test('tells servers and tools apart whose names only look alike when they are joined', () => {
  const names = namesOf([tool('b__c', 'a'), tool('c', 'a__b')]);
  expect(new Set(names).size).toBe(2);
  for (const name of names) expect(name).toMatch(/^a__b__c_[a-z\d]{8}$/);
});

test('names the same tool twice when it is listed twice', () => {
  const entries = [tool('search', 's'), tool('search', 's')];
  const { nameOf, collisions } = nameTools(entries);
  expect(new Set(entries.map((entry) => nameOf(entry))).size).toBe(2);
  expect(collisions).toHaveLength(1);
});

test('refuses to name a tool that was not given', () => {
  expect(() => nameTools([tool('a')]).nameOf(tool('a'))).toThrow('The tool a is not one of those that were named.');
});

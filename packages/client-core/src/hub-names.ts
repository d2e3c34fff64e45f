import { ArgumentsInvalidError } from './errors.ts';
import { ambiguousName, deniedTool, outOfTime, unknownName } from './hub-errors.ts';
import { templateFit } from './hub-globs.ts';
import type { KnownListOptions } from './hub-list.ts';
import type { HubMember } from './hub-member.ts';
import type { CallOptions } from './interceptor.ts';
import { quote } from './protocol/excerpt.ts';

/** A server, and what something is called there. */
export interface Place {
  member: HubMember;
  /** The server's own name of it. */
  name: string;
}

type Members = ReadonlyMap<string, HubMember>;

/** What is asked for by a name of its own. */
type NamedKind = 'tools' | 'prompts';

export function memberOf(members: Members, name: string): HubMember {
  const member = members.get(name);
  if (member === undefined) throw unknownName(`This hub has no server ${quote(name)}.`, name, members.keys(), 'server');
  return member;
}

/** Every way to read `server/name`: names of servers and of tools may hold slashes, too. */
export function readings(kind: NamedKind, wanted: string, members: Members): Place[] {
  const places = [...members.values()]
    .filter(({ name }) => wanted.startsWith(`${name}/`))
    .map((member) => ({ member, name: wanted.slice(member.name.length + 1) }));
  if (places.length === 0) throw withoutServer(kind, wanted, members);
  return places;
}

/** The one of `places` whose server has it, by the servers' lists; those of them that are known but do not help are asked for anew. */
export async function choose(
  kind: NamedKind,
  wanted: string,
  places: readonly Place[],
  options: KnownListOptions,
): Promise<Place> {
  const untried = places.filter(({ member }) => member.failureOf(kind) === undefined);
  const holder =
    (await holderOf(kind, wanted, places, (member) => member.known(kind, options))) ??
    (await holderOf(kind, wanted, places, (member) => renewed(kind, member, options)));
  if (holder !== undefined) return holder;
  const unlisted = places.filter((place) => isUsable(kind, place) && !isListed(kind, place.member));
  if (unlisted.length === 0) throw notThere(kind, wanted, places);
  const [only] = places;
  if (only === undefined || places.length > 1) throw undecided(kind, wanted, unlisted);
  // A server that lives but does not list is asked for it all the same.
  const failure = only.member.failureOf(kind);
  if (untried.includes(only) && failure !== undefined && only.member.client.server === undefined) throw failure;
  return only;
}

/** The server that lists a resource, else the one with a template that it fits. */
export async function chooseForResource(uri: string, members: Members, options: KnownListOptions): Promise<HubMember> {
  const all = [...members.values()];
  const [only] = all;
  if (only !== undefined && all.length === 1) return only;
  for (const isKnownEnough of [true, false]) {
    const claims = await Promise.all(all.map((member) => claimOf(uri, member, options, isKnownEnough)));
    const strongest = Math.max(...claims);
    const holders = strongest > 0 ? all.filter((_, index) => claims[index] === strongest) : [];
    const [holder, ...others] = holders;
    if (others.length > 0)
      throw ambiguousName(
        uri,
        holders.map(({ name }) => `${quote(uri)} of ${name}`),
        'uri',
      );
    if (holder !== undefined) return holder;
  }
  const uris = all.flatMap((member) => (member.lastKnown('resources') ?? []).map((resource) => resource.uri));
  const silent = all.filter((member) => member.failureOf('resources') !== undefined).map(({ name }) => name);
  const besides = silent.length > 0 ? ` (${silent.join(', ')} did not answer)` : '';
  const text = `No server of this hub lists the resource ${quote(uri)} or a template for it${besides}; pass { server, uri } to ask one all the same.`;
  throw unknownName(text, uri, uris, 'uri');
}

/** What resolving a name may take of the call's time. */
export function waiting({ signal, timeoutMs = Infinity, maxTotalMs = Infinity }: CallOptions): KnownListOptions {
  return { signal, waitMs: Math.min(timeoutMs, maxTotalMs) };
}

/** One deadline spans finding the server and calling it. */
export function withRestOfTime<Options extends CallOptions>(options: Options, startedAt: number): Options {
  const { maxTotalMs } = options;
  if (maxTotalMs === undefined) return options;
  const left = startedAt + maxTotalMs - Date.now();
  if (left <= 0) throw outOfTime(maxTotalMs);
  return { ...options, maxTotalMs: left };
}

type Items = readonly { name: string }[] | undefined;

async function holderOf(
  kind: NamedKind,
  wanted: string,
  places: readonly Place[],
  itemsOf: (member: HubMember) => Promise<Items>,
): Promise<Place | undefined> {
  const usable = places.filter((place) => isUsable(kind, place));
  const lists = await Promise.all(usable.map(({ member }) => itemsOf(member)));
  const holders = usable.filter(({ name }, index) => indexOf(lists[index]).has(name));
  if (holders.length < 2) return holders[0];
  const readAs = holders.map(({ member, name }) => `${quote(name)} of ${member.name}`);
  throw ambiguousName(wanted, readAs, singular[kind]);
}

const indexes = new WeakMap<NonNullable<Items>, ReadonlySet<string>>();

/** The names in a list: made once, since a server may have thousands. */
function indexOf(items: Items = []): ReadonlySet<string> {
  const index = indexes.get(items) ?? new Set(items.map(({ name }) => name));
  indexes.set(items, index);
  return index;
}

/** A list that could not be had is not waited for again, and one that failed lately not for long. */
async function renewed(kind: NamedKind, member: HubMember, options: KnownListOptions): Promise<Items> {
  if (member.lastKnown(kind) === undefined) return undefined;
  return member.list(kind, { ...options, fresh: member.failureOf(kind) === undefined });
}

/** How surely a resource is the server's: the more of its URI is in a template, the more; infinitely when it is listed; 0 when it is not its at all. */
async function claimOf(
  uri: string,
  member: HubMember,
  options: KnownListOptions,
  isKnownEnough: boolean,
): Promise<number> {
  const read: HubMember['list'] = (kind) => (isKnownEnough ? member.known(kind, options) : member.list(kind, options));
  // Side by side: a dead server is waited for once.
  const [resources = [], templates = []] = await Promise.all([
    read('resources', options),
    read('resourceTemplates', options),
  ]);
  if (resources.some((resource) => resource.uri === uri)) return Infinity;
  return templates.reduce((most, { uriTemplate }) => Math.max(most, templateFit(uriTemplate, uri)), 0);
}

/** Whether the server has told what it has, and nothing has failed since. */
function isListed(kind: NamedKind, member: HubMember): boolean {
  return member.lastKnown(kind) !== undefined && member.failureOf(kind) === undefined;
}

function isUsable(kind: NamedKind, { member, name }: Place): boolean {
  return kind !== 'tools' || member.mayUse(name);
}

const singular: Record<NamedKind, string> = { tools: 'tool', prompts: 'prompt' };

function notThere(kind: NamedKind, wanted: string, places: readonly Place[]): ArgumentsInvalidError {
  const forbidden = places.find((place) => !isUsable(kind, place));
  if (forbidden !== undefined) return deniedTool(forbidden.member.name, forbidden.name);
  const servers = places.map(({ member }) => member.name).join(' or ');
  const names = places.flatMap(({ member }) => qualifiedNames(kind, member));
  return unknownName(`There is no ${singular[kind]} ${quote(wanted)} on ${servers}.`, wanted, names, singular[kind]);
}

function withoutServer(kind: NamedKind, wanted: string, members: Members): ArgumentsInvalidError {
  const text = `${quote(wanted)} does not begin with a server of this hub; write server/${singular[kind]}.`;
  const bare = [...members.values()]
    .filter((member) => member.lastKnown(kind)?.some(({ name }) => name === wanted) === true)
    .map(({ name }) => `${name}/${wanted}`);
  return bare.length > 0
    ? unknownName(text, wanted, bare, singular[kind])
    : unknownName(text, wanted.replace(/\/.*$/s, ''), members.keys(), 'server');
}

function undecided(kind: NamedKind, wanted: string, unlisted: readonly Place[]): ArgumentsInvalidError {
  const what = singular[kind];
  const servers = unlisted.map(({ member }) => member.name).join(' or ');
  const text = `${quote(wanted)} may be on ${servers}, which did not list its ${kind}; pass { server, ${what} } to ask it all the same`;
  return new ArgumentsInvalidError(text, { path: what, expected: `a ${what} that a server lists` });
}

function qualifiedNames(kind: NamedKind, member: HubMember): string[] {
  return (member.lastKnown(kind) ?? []).map(({ name }) => `${member.name}/${name}`);
}

import { pixel } from './tools.mjs';

const named = [
  { uri: 'config://settings', name: 'settings', mimeType: 'application/json', text: '{"theme":"dark","size":3}' },
  { uri: 'notes://readme', name: 'readme', mimeType: 'text/plain', text: 'Read me first.' },
  { uri: 'picture://pixel', name: 'pixel', mimeType: 'image/png', blob: pixel },
];
const spare = Array.from({ length: 20 }, (_, index) => ({
  uri: `spare://${index + 1}`,
  name: `spare ${index + 1}`,
  mimeType: 'text/plain',
  text: `spare ${index + 1}`,
}));
const all = [...named, ...spare];
const people = ['ada', 'alan', 'alonzo', 'barbara', 'edsger', 'grace'];

/** Resources as `resources/list` shows them; `grown` more have come since the start. */
export function listResources(grown) {
  const later = Array.from({ length: grown }, (_, index) => ({
    uri: `grown://${index + 1}`,
    name: `grown ${index + 1}`,
  }));
  return [...all.map(({ uri, name, mimeType }) => ({ uri, name, mimeType })), ...later];
}

/** The one template, and fillers for its pages. */
export const resourceTemplates = [
  { uriTemplate: 'greeting://{name}', name: 'greeting', mimeType: 'text/plain' },
  ...Array.from({ length: 11 }, (_, index) => ({
    uriTemplate: `spare-${index + 1}://{id}`,
    name: `spare ${index + 1}`,
  })),
];

/** The contents of a resource, or undefined when there is none at `uri`. */
export function readResource(uri) {
  const greeted = /^greeting:\/\/(.+)$/.exec(uri)?.[1];
  if (greeted !== undefined) return [{ uri, mimeType: 'text/plain', text: `Hello, ${decodeURIComponent(greeted)}!` }];
  const found = all.find((resource) => resource.uri === uri);
  if (found === undefined) return undefined;
  const { name: _name, ...content } = found;
  return [content];
}

const prompts = [
  { name: 'hello', description: 'A greeting', text: () => 'Say hello.' },
  {
    name: 'review',
    description: 'Asks for a code review',
    arguments: [{ name: 'code', required: true }, { name: 'language' }],
    text: ({ code, language = 'any language' }) => `Review this ${language}: ${code}`,
  },
  ...Array.from({ length: 10 }, (_, index) => ({ name: `spare_${index + 1}`, text: () => 'spare' })),
];
const languages = ['python', 'perl', 'pascal', 'go', 'rust'];

/** Prompts as `prompts/list` shows them; `grown` more have come since the start. */
export function listPrompts(grown) {
  const later = Array.from({ length: grown }, (_, index) => ({ name: `grown_${index + 1}` }));
  return [...prompts.map(({ text: _text, ...prompt }) => prompt), ...later];
}

/** A filled-in prompt, or undefined when there is none of that name. */
export function getPrompt(name, args = {}) {
  const found = prompts.find((prompt) => prompt.name === name);
  if (found === undefined) return undefined;
  return { messages: [{ role: 'user', content: { type: 'text', text: found.text(args) } }] };
}

/** Completions: people for the template’s name, languages for the prompt’s. */
export function complete({ ref, argument }) {
  const known = ref.type === 'ref/resource' ? people : argument.name === 'language' ? languages : [];
  const values = known.filter((value) => value.startsWith(argument.value));
  return { completion: { values, total: values.length, hasMore: false } };
}

import { illegalName, similarNames, vagueName } from './names.ts';
import { when, type ListRule, type ToolRule } from './rule.ts';
import { brokenReferences, depthOf, missingProperties, undescribed, untyped, weightOf } from './schemas.ts';
import { commandsIn, hasHidden, isShort, sameDescription } from './texts.ts';

const mostParameters = 20;
const mostLevels = 5;
const mostTokensOfTool = 2_000;
const mostTools = 40;
const mostTokens = 10_000;
/** What Azure and older models take. */
const longestDescription = 1_024;

/** What each tool is looked at for. */
export const toolRules: Readonly<Record<string, ToolRule>> = {
  'name-doubled': {
    level: 'error',
    advice: 'Give each tool a name of its own: which of the two is called is chance',
    find: ({ name }, all) => when(all.filter((other) => other.name === name).length > 1),
  },
  'name-illegal': {
    level: 'warning',
    advice: 'Use letters, digits, _ and -, at most 64 of them: models are given another name otherwise',
    find: ({ name }) => when(illegalName.test(name)),
  },
  'name-vague': {
    level: 'warning',
    advice: 'Name what it acts on: list_orders, not list',
    find: ({ name }) => when(vagueName(name)),
  },
  'name-similar': {
    level: 'warning',
    advice: 'Tell them apart by more than case and separators',
    find: ({ name }, all) => similarNames(name, all).map((other) => `like ${other}`),
  },
  'description-missing': {
    level: 'error',
    advice: 'Say what it does, when to use it and what comes back',
    find: ({ description = '' }) => when(description.trim() === ''),
  },
  'description-short': {
    level: 'warning',
    advice: 'Say more than the name does: what it does, when to use it and what comes back',
    find: (tool) => when(isShort(tool)),
  },
  'description-long': {
    level: 'warning',
    advice: `Keep it to ${longestDescription} characters: some models refuse more, and all pay for it in each turn`,
    find: ({ description = '' }) =>
      description.length > longestDescription ? [`${description.length} characters`] : [],
  },
  'description-doubled': {
    level: 'warning',
    advice: 'Say how it differs from the other',
    find: (tool, all) => sameDescription(tool, all).map((other) => `the same as that of ${other}`),
  },
  'text-hidden': {
    level: 'error',
    advice: 'Take out characters that people do not see: a model reads them',
    find: (tool) => when(hasHidden(tool)),
  },
  'text-commanding': {
    level: 'warning',
    advice: 'Describe the tool; do not tell the model what to do besides',
    find: (tool) => commandsIn(tool),
  },
  'schema-broken': {
    level: 'error',
    advice: 'Describe what is required, and let references point into the same schema',
    find: (tool) => [...missingProperties(tool), ...brokenReferences(tool)],
  },
  'parameter-undescribed': {
    level: 'warning',
    advice: 'Describe each parameter: its meaning, unit and form, with an example',
    find: (tool) => undescribed(tool),
  },
  'parameter-untyped': {
    level: 'warning',
    advice: 'Say which type it is, or which values it may have',
    find: (tool) => untyped(tool),
  },
  'parameters-many': {
    level: 'warning',
    advice: `Ask for ${mostParameters} at most: split the tool, or leave the rare ones to another`,
    find: ({ inputSchema: { properties = {} } }) => {
      const count = Object.keys(properties).length;
      return count > mostParameters ? [`${count} parameters`] : [];
    },
  },
  'schema-deep': {
    level: 'warning',
    advice: `Nest at most ${mostLevels} levels: models lose their way further down`,
    find: ({ inputSchema }) => {
      const levels = depthOf(inputSchema);
      return levels > mostLevels ? [`${levels} levels`] : [];
    },
  },
  'tool-heavy': {
    level: 'warning',
    advice: `Keep one tool under ${mostTokensOfTool} tokens: shorten texts, and take rare values out of enums`,
    find: (tool) => {
      const tokens = weightOf([tool]);
      return tokens > mostTokensOfTool ? [`about ${tokens} tokens`] : [];
    },
  },
  'annotations-missing': {
    level: 'note',
    advice: 'Say whether it changes anything (readOnlyHint, destructiveHint): hosts ask people less then',
    find: ({ annotations = {} }) =>
      when(annotations.readOnlyHint === undefined && annotations.destructiveHint === undefined),
  },
  'annotations-contradictory': {
    level: 'warning',
    advice: 'What only reads destroys nothing: correct one of the two hints',
    find: ({ annotations = {} }) => when(annotations.readOnlyHint === true && annotations.destructiveHint === true),
  },
};

/** What the list as a whole is looked at for. */
export const listRules: Readonly<Record<string, ListRule>> = {
  'tools-missing': {
    level: 'warning',
    advice: 'Offer tools, or do without the capability',
    find: (tools) => when(tools.length === 0),
  },
  'tools-many': {
    level: 'warning',
    advice: `Offer ${mostTools} at most, or let people choose: models choose worse among many`,
    find: (tools) => (tools.length > mostTools ? [`${tools.length} tools`] : []),
  },
  'list-heavy': {
    level: 'warning',
    advice: `Keep the list under ${mostTokens} tokens: each turn of a model pays for it`,
    find: (tools) => {
      const tokens = weightOf(tools);
      return tokens > mostTokens ? [`about ${tokens} tokens`] : [];
    },
  },
};

/**
 * A rule of OpenAI's for function tools. `shape`: the tool itself. For every tool, A1: the root is an object with
 * properties and no combination; A2: every schema is valid 2020-12; A3: every array has items; A4: no lookaround; A5: names,
 * and references that lead somewhere. With `strict`, S1: objects are closed, all properties required; S2: every schema has a
 * type, a reference or alternatives; S3: no keyword outside the subset; S4: references stand alone; S5: formats; S6: no
 * lengths and defaults; S7: size.
 */
export type OpenAIRule = 'shape' | 'A1' | 'A2' | 'A3' | 'A4' | 'A5' | 'S1' | 'S2' | 'S3' | 'S4' | 'S5' | 'S6' | 'S7';

/** One way in which a tool breaks a rule. */
export interface OpenAIViolation {
  /** Where in the tool, like `function.parameters.properties.limit`. */
  readonly path: string;
  readonly rule: OpenAIRule;
  /** One sentence. */
  readonly message: string;
}

/** Notes a violation at a path inside the parameters, like `.properties.limit`. */
export type Report = (path: string, rule: OpenAIRule, message: string) => void;

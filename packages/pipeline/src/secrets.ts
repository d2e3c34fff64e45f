import { isObject, secretName } from './check/rules.ts';
import type { PipelineDefinition } from './definition.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const variable = /\$\{(?:env:)?([A-Za-z_]\w*)/g;
const reference = /\benv\.([A-Za-z_]\w*)/g;

/** The values of variables that a pipeline uses as secrets: by their names, or by the headers and variables that they fill in. */
export function secretsOf(pipeline: PipelineDefinition, env: Environment): string[] {
  const text = JSON.stringify(pipeline);
  const named = [...text.matchAll(variable), ...text.matchAll(reference)]
    .map(([, name = '']) => name)
    .filter((name) => secretName.test(name));
  const names = new Set([...named, ...variablesOfSecrets(pipeline)]);
  return [...names].flatMap((name) => (Object.hasOwn(env, name) && env[name] ? [env[name]] : []));
}

function variablesOfSecrets({ servers = {}, steps }: PipelineDefinition): string[] {
  const own = Object.values(servers).flatMap(({ env, headers }) =>
    [env, headers].flatMap((group) =>
      Object.entries(isObject(group) ? group : {})
        .filter(([key]) => secretName.test(key))
        .flatMap(([, value]) => [...String(value).matchAll(variable)].map(([, name = '']) => name)),
    ),
  );
  const inner = steps.flatMap((step) => ('pipeline' in step ? variablesOfSecrets(step.pipeline) : []));
  return [...own, ...inner];
}

import { sanitizeLine } from '../output/sanitize.ts';
import { levels } from './lint-tools.ts';
import type { Finding } from './rule.ts';

/** What was found about the tools of one server. */
export interface Report {
  readonly tools: number;
  /** About how many the list is. */
  readonly tokens: number;
  readonly findings: readonly Finding[];
}

/** A report for people: each rule with what to do, and below it the tools that it is about. */
export function formatReport(server: string, { tools, tokens, findings }: Report): string {
  const counted = levels
    .map((level) => ({ level, count: findings.filter((finding) => finding.level === level).length }))
    .filter(({ count }) => count > 0)
    .map(({ level, count }) => `${count} ${level}${count === 1 ? '' : 's'}`);
  const summary = `${server}: ${tools} tools, about ${tokens} tokens; ${counted.join(', ') || 'nothing to say'}`;
  const rules = [...new Set(findings.map(({ rule }) => rule))].flatMap((rule) => {
    const ofRule = findings.filter((finding) => finding.rule === rule);
    const [first] = ofRule;
    return first === undefined
      ? []
      : [`  ${first.level.padEnd(7)}  ${rule}: ${first.advice}`, ...ofRule.map(formatFinding)];
  });
  return [summary, ...rules].map((line) => `${line.trimEnd()}\n`).join('');
}

function formatFinding({ tool = '', what }: Finding): string {
  const parts = [tool, what].filter((part) => part !== '').map(sanitizeLine);
  return `    ${parts.join(': ')}`;
}

// Engines match by trial: so many steps take some 10 ms, and nobody may make us take more.
const maxSteps = 2_000_000;
const maxPatternLength = 1000;

/** Whether `text` matches `pattern`; undefined when that could take long or the pattern is none: it is not tried then. */
export function matchesPattern(pattern: string, text: string): boolean | undefined {
  return stepsAtMost(pattern, text.length) <= maxSteps ? compile(pattern)?.test(text) : undefined;
}

// An upper estimate of what an engine does for a text of `length` characters; Infinity or NaN when there is none.
function stepsAtMost(pattern: string, length: number): number {
  if (pattern.length > maxPatternLength) return Infinity;
  const { degree, factor, size } = costOf(pattern);
  return factor * size * (length + 1) ** degree;
}

function compile(pattern: string): RegExp | undefined {
  for (const flags of ['u', '']) {
    try {
      return new RegExp(pattern, flags);
    } catch {
      // Many real patterns escape more than the flag `u` admits; what is no pattern at all fails twice.
    }
  }
  return undefined;
}

/** In how many ways a part can match, `factor * length ** degree`, and how many characters each of them looks at. */
interface Cost {
  readonly degree: number;
  readonly factor: number;
  readonly size: number;
}

const nothing: Cost = { degree: 0, factor: 1, size: 1 };
const character: Cost = nothing;
// Repeated repetitions, references back: the ways can multiply with every character.
const unbounded: Cost = { degree: Infinity, factor: 1, size: 1 };

function inSequence(one: Cost, next: Cost): Cost {
  return { degree: one.degree + next.degree, factor: one.factor * next.factor, size: one.size + next.size };
}

function asAlternative(one: Cost, other: Cost): Cost {
  return {
    degree: Math.max(one.degree, other.degree),
    factor: one.factor + other.factor,
    size: Math.max(one.size, other.size),
  };
}

function repeated({ degree, factor, size }: Cost, quantifier: string): Cost {
  if (quantifier.startsWith('?')) return { degree, factor: factor + 1, size };
  const [least = 0, most = least] = quantifier.startsWith('{') ? limitsOf(quantifier) : [0, Infinity];
  if (most === Infinity) return degree > 0 || factor > 1 ? unbounded : { degree: 1, factor, size: size * (least + 1) };
  return { degree: degree * most, factor: factor ** most * (most - least + 1), size: size * most };
}

// `{3}`, `{3,}` or `{3,5}`
function limitsOf(quantifier: string): number[] {
  const limits = quantifier.replaceAll(/[{}?]/g, '').split(',');
  return limits.map((limit) => (limit === '' ? Infinity : Number(limit)));
}

// A class, an escape that is no reference back, or one character.
const atomPattern = /\[(?:[^\]\\]|\\[^])*\]|\\(?:[pPu]\{[^}]*\}|[^1-9k])|[^[\\]/y;
// A lookaround counts as a group, which is more than it costs; flags are not known.
const groupStart = /\((?:\?(?::|<\w+>|<?[=!]))?(?!\?)/y;
const groupEnd = /\)/y;
const quantifierPattern = /(?:[*+?]|\{\d+(?:,\d*)?\})\??/y;

function costOf(pattern: string): Cost {
  let position = 0;

  function take(expected: RegExp): string | undefined {
    expected.lastIndex = position;
    const text = expected.exec(pattern)?.[0];
    position += text?.length ?? 0;
    return text;
  }

  function giveUp(): Cost {
    position = pattern.length;
    return unbounded;
  }

  function alternatives(): Cost {
    let total = sequence();
    while (pattern[position] === '|') {
      position += 1;
      total = asAlternative(total, sequence());
    }
    return total;
  }

  function sequence(): Cost {
    let total = nothing;
    while (position < pattern.length && pattern[position] !== '|' && pattern[position] !== ')') {
      const part = pattern[position] === '(' ? group() : atom();
      const quantifier = take(quantifierPattern);
      total = inSequence(total, quantifier === undefined ? part : repeated(part, quantifier));
    }
    return total;
  }

  function atom(): Cost {
    return take(atomPattern) === undefined ? giveUp() : character;
  }

  function group(): Cost {
    if (take(groupStart) === undefined) return giveUp();
    const inner = alternatives();
    return take(groupEnd) === undefined ? giveUp() : inner;
  }

  const first = pattern.startsWith('^') ? sequence() : unanchored(sequence());
  if (position >= pattern.length) return first;
  // Alternatives at the top can each begin anywhere; a bracket that closes nothing makes it no pattern.
  position = 0;
  const all = unanchored(alternatives());
  return position < pattern.length ? unbounded : all;
}

// A search tries every place to begin.
function unanchored(cost: Cost): Cost {
  return { ...cost, degree: cost.degree + 1 };
}

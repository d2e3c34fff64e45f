import { createTestServer, type TestServer } from '@toolwire/testing';

const data = { type: 'array', items: {} };

/** A server with the four tools of the pipeline; `calls` is what it was asked, `isOutOfPaper` makes reports fail. */
export function createServer(calls: string[], printer: { isOutOfPaper: boolean }): TestServer {
  return createTestServer({
    tools: {
      validate_data: {
        description: 'Keeps what is a number, and counts the rest',
        inputSchema: { type: 'object', properties: { data }, required: ['data'] },
        handler({ data: values }) {
          calls.push('validate_data');
          const numbers = listOf(values).filter((value) => Number.isFinite(value));
          return { values: numbers, refused: listOf(values).length - numbers.length };
        },
      },
      transform_data: {
        description: 'Brings numbers between 0 and 1',
        inputSchema: {
          type: 'object',
          properties: { data, format: { enum: ['normalized'] } },
          required: ['data', 'format'],
        },
        handler({ data: values }) {
          calls.push('transform_data');
          const numbers = listOf(values).map(Number);
          const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
          return { values: numbers.map((value) => (value - least) / (most - least)) };
        },
      },
      analyze_data: {
        description: 'Works out metrics of numbers',
        inputSchema: {
          type: 'object',
          properties: { data, metrics: { type: 'array', items: { enum: Object.keys(metrics) } } },
          required: ['data', 'metrics'],
        },
        handler({ data: values, metrics: names }) {
          calls.push('analyze_data');
          const numbers = listOf(values).map(Number);
          return Object.fromEntries(listOf(names).map((name) => [name, metrics[String(name)]?.(numbers)]));
        },
      },
      generate_report: {
        description: 'Writes a report',
        inputSchema: {
          type: 'object',
          properties: { analysis: { type: 'object' }, refused: { type: 'integer' }, format: { enum: ['markdown'] } },
          required: ['analysis', 'format'],
        },
        handler({ analysis, refused }) {
          calls.push('generate_report');
          if (printer.isOutOfPaper) throw new Error('out of paper');
          const rows = Object.entries(analysis as Record<string, number>).map(([name, value]) => `- ${name}: ${value}`);
          return ['# Report', ...rows, `- left out: ${String(refused)}`].join('\n');
        },
      },
    },
  });
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

const metrics: Readonly<Record<string, (values: readonly number[]) => number>> = {
  mean,
  median(values) {
    const sorted = values.toSorted((one, other) => one - other);
    const middle = (sorted.length - 1) / 2;
    return mean([sorted[Math.floor(middle)] ?? 0, sorted[Math.ceil(middle)] ?? 0]);
  },
  std(values) {
    const middle = mean(values);
    return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
  },
};

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

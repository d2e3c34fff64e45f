/** Prints rows of cells: the first column to the left, figures to the right. */
export function printTable(header, rows) {
  const all = [header, ...rows].map((row) => row.map((cell) => (typeof cell === 'number' ? round(cell) : cell)));
  const widths = header.map((_, column) => Math.max(...all.map((row) => row[column].length)));
  for (const row of all) {
    const cells = row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column])));
    console.log(`  ${cells.join('   ')}`);
  }
}

/** Prints the CPU time that one piece of work cost, one client a row. */
export function printCpu(measured) {
  printTable(
    ['', 'CPU ms'],
    Object.entries(measured).map(([name, { cpuMilliseconds }]) => [name, cpuMilliseconds]),
  );
}

/** Prints a figure beside its goal; `goal` is `{ atMost }` or `{ atLeast }`. */
export function printGoal(name, value, unit, { atMost, atLeast }) {
  const isReached = atMost === undefined ? value >= atLeast : value <= atMost;
  const goal = atMost === undefined ? `at least ${atLeast}` : `at most ${atMost}`;
  console.log(`  ${isReached ? '✓' : '✗'} ${name}: ${round(value)} ${unit} (goal: ${goal})`);
}

function round(value) {
  return Number(value.toPrecision(3)).toLocaleString('en-US');
}

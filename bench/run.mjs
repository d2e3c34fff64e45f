// Toolwire beside its peers in one run: `npm run bench`, or `npm run bench -- stdio import` for some of the sections.
import { cpus } from 'node:os';

const sections = ['stdio', 'http', 'large-result', 'notifications', 'import', 'command', 'webhooks', 'hub', 'pipeline'];
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !sections.includes(name));
if (unknown.length > 0) {
  console.error(`Unknown section: ${unknown.join(', ')}. Sections: ${sections.join(', ')}`);
  process.exit(2);
}

console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0].model.trim()}; medians of interleaved runs`);
for (const name of wanted.length > 0 ? wanted : sections) {
  const { title, run } = await import(`./sections/${name}.mjs`);
  console.log(`\n${title}`);
  await run();
}

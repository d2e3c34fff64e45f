import type { Engine, EngineOptions, EngineRole } from './engine.ts';
import { openMemory } from './engines/memory.ts';

/** Opens the engine; the others are loaded only where they are wanted. */
export async function openEngine(options: EngineOptions, role: EngineRole): Promise<Engine> {
  if (options.kind === 'memory') return openMemory(role);
  if (options.kind === 'embedded') {
    const { openEmbedded } = await import('./engines/embedded.ts');
    return openEmbedded(options.dir ?? '.mcp/pipeline', role);
  }
  const { openPostgres } = await import('./engines/postgres.ts');
  return openPostgres(options.url, role);
}

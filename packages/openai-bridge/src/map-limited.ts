/** Like `Promise.all` over `items.map(work)`, with at most `limit` at work; starts no more of them once one has failed. */
export async function mapLimited<In, Out>(
  items: readonly In[],
  limit: number,
  work: (item: In) => Promise<Out>,
): Promise<Out[]> {
  const results: Out[] = [];
  const entries = items.entries();
  let hasFailed = false;
  async function worker(): Promise<void> {
    for (const [index, item] of entries) {
      if (hasFailed) return;
      results[index] = await work(item).catch((error: unknown) => {
        hasFailed = true;
        throw error;
      });
    }
  }
  await Promise.all(Array.from({ length: Math.max(1, Math.min(limit, items.length)) }, worker));
  return results;
}

import { isMcpError, type ToolCaller } from '@toolwire/client-core';

/** The code under test: what a basket costs, or that it is not known. */
export async function totalPrice(shop: ToolCaller, items: readonly string[]): Promise<number | 'unknown'> {
  try {
    const results = await Promise.all(items.map((item) => shop.callTool('price', { item })));
    return results.reduce((total, result) => total + Number(result.text()), 0);
  } catch (error) {
    if (isMcpError(error)) return 'unknown';
    throw error;
  }
}

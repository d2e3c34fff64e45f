import { messageIn, ModelHttpError } from './model-http-error.ts';

/** The events of a streamed answer, as OpenAI sends them: each one line of JSON. */
export async function* readEvents({ body }: Response): AsyncGenerator<unknown, void> {
  for await (const line of linesOf(body)) {
    const data = /^data: ?(.*)$/s.exec(line)?.[1];
    if (data === undefined) continue; // The event's name is in its data, too.
    if (data === '[DONE]') return;
    const failure = messageIn(data);
    if (failure !== undefined) throw new ModelHttpError(`The model has failed: ${failure}`);
    yield JSON.parse(data) as unknown;
  }
}

async function* linesOf(body: ReadableStream<Uint8Array> | null): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for await (const chunk of body ?? []) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split(/\r?\n/);
      rest = lines.pop() ?? '';
      yield* lines;
    }
  } catch (error) {
    throw new ModelHttpError(`The model's answer broke off: ${error instanceof Error ? error.message : String(error)}`);
  }
  yield rest + decoder.decode();
}

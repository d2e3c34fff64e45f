import type {
  ResponseErrorEvent,
  ResponseFunctionToolCall,
  ResponseOutputItem,
  ResponseStreamEvent,
} from 'openai/resources/responses/responses';
import { ModelAnswerError } from './errors.ts';
import type { ModelResponse } from './model-client.ts';
import type { AskContext } from './run-loop.ts';

/** Follows an answer to its end, and tells of its pieces as they come. Throws when it fails or breaks off. */
export async function readResponseStream(
  events: AsyncIterable<ResponseStreamEvent>,
  { signal, emit }: Pick<AskContext, 'signal' | 'emit'>,
): Promise<ModelResponse> {
  const calls = new Map<number, ResponseFunctionToolCall>();
  const done: ResponseOutputItem[] = [];
  let answer: ModelResponse | undefined;
  for await (const event of events) {
    switch (event.type) {
      case 'response.output_text.delta':
        emit({ type: 'text', delta: event.delta });
        break;
      case 'response.refusal.delta':
        emit({ type: 'refusal', delta: event.delta });
        break;
      case 'response.output_item.added':
        if (event.item.type === 'function_call') calls.set(event.output_index, event.item);
        break;
      case 'response.function_call_arguments.delta': {
        const { call_id: id = event.item_id, name = '' } = calls.get(event.output_index) ?? {};
        emit({ type: 'argumentsDelta', id, name, delta: event.delta });
        break;
      }
      case 'response.output_item.done':
        done.push(event.item);
        break;
      case 'response.completed':
      case 'response.incomplete':
      case 'response.failed':
        answer = event.response;
        break;
      case 'error':
        throw new ModelAnswerError(`The model has failed: ${messageOf(event)}`);
      default: // All that the last event says again.
    }
  }
  signal.throwIfAborted(); // A stream that is cancelled just ends.
  if (answer === undefined) throw new ModelAnswerError("The model's answer broke off");
  // Some servers leave the output out of the last event, since they have sent it already.
  return (answer.output ?? []).length > 0 ? answer : { ...answer, output: done };
}

/** The event has its message in itself; some servers wrap it as in an answer with an error status. */
function messageOf(event: ResponseErrorEvent & { error?: { message?: string } }): string {
  return event.message ?? event.error?.message ?? 'it gives no reason';
}

import type { ToolResult } from '@toolwire/client-core';
import type { ChatCompletionContentPart, ChatCompletionMessageParam } from 'openai/resources/chat/completions';
import type { ResponseFunctionCallOutputItem, ResponseInputItem } from 'openai/resources/responses/responses';
import { describeAttachment, type Attachment } from './attachments.ts';
import { readParts, type ResultPart } from './result-parts.ts';

/** How much of a tool's answer goes to the model. */
export interface ResultOptions {
  /** Most characters of text for one call; what is over is cut, and a note says so. Default 100,000. */
  readonly maxCharacters?: number;
  /** Most bytes of images and files for one call; what is over is left out, and a note says so. Default 15,000,000. */
  readonly maxAttachmentBytes?: number;
  /** Hands sound (WAV, MP3) to a Chat model that can listen, rather than a note about it. Default false. */
  readonly audio?: boolean;
}

/** What came of one call of the model. */
export interface CallResult {
  /** The call's id: `tool_call.id` in Chat, `call_id` in Responses. */
  readonly id: string;
  /** The function's name. */
  readonly name: string;
  /** The tool's answer, or a text for the model in its place. */
  readonly result: ToolResult | string;
}

/**
 * The messages that answer all calls of one turn: a `tool` message each, then one `user` message with the images, files
 * and sounds, since a `tool` message holds only text. Results with the same id become one answer.
 */
export function toChatMessages(
  results: readonly CallResult[],
  options: ResultOptions = {},
): ChatCompletionMessageParam[] {
  const attached: ChatCompletionContentPart[] = [];
  const answers = answersOf(results, options).map(({ id, name, parts }): ChatCompletionMessageParam => {
    const attachments = parts.filter((part) => typeof part !== 'string');
    if (attachments.length > 0) attached.push({ type: 'text', text: `From ${name} (${id}):` });
    attached.push(...attachments.map(toChatPart));
    const text = parts.map((part) => (typeof part === 'string' ? part : `[${describeAttachment(part)}: see below]`));
    return { role: 'tool', tool_call_id: id, content: text.join('\n') };
  });
  return attached.length === 0 ? answers : [...answers, { role: 'user', content: attached }];
}

/** The items that answer calls in the Responses API: images and files go straight in. Results with the same id become one. */
export function toFunctionCallOutputs(
  results: readonly CallResult[],
  options: ResultOptions = {},
): ResponseInputItem.FunctionCallOutput[] {
  // Responses takes no sound.
  return answersOf(results, { ...options, audio: false }).map(({ id, parts }) => {
    const isText = parts.every((part) => typeof part === 'string');
    return {
      type: 'function_call_output',
      call_id: id,
      output: isText ? parts.join('\n') : parts.map(toResponsesPart),
    };
  });
}

interface CallAnswer {
  readonly id: string;
  readonly name: string;
  readonly parts: readonly ResultPart[];
}

function answersOf(results: readonly CallResult[], options: ResultOptions): CallAnswer[] {
  const ids = [...new Set(results.map(({ id }) => id))];
  return ids.map((id) => {
    const own = results.filter((result) => result.id === id);
    const names = own.map(({ name }) => name).join(', ');
    const parts = own.flatMap(({ name, result }) => {
      const read = typeof result === 'string' ? [result] : readParts(result, options);
      return own.length === 1 ? read : [`${name}:`, ...read];
    });
    return { id, name: names, parts };
  });
}

function toChatPart(attachment: Attachment): ChatCompletionContentPart {
  const { kind, data } = attachment;
  if (kind === 'image') return { type: 'image_url', image_url: { url: dataUrl(attachment) } };
  if (kind === 'audio') return { type: 'input_audio', input_audio: { data, format: attachment.format } };
  return { type: 'file', file: { filename: attachment.filename, file_data: dataUrl(attachment) } };
}

function toResponsesPart(part: ResultPart): ResponseFunctionCallOutputItem {
  if (typeof part === 'string') return { type: 'input_text', text: part };
  if (part.kind === 'image') return { type: 'input_image', image_url: dataUrl(part) };
  const filename = part.kind === 'file' ? part.filename : `sound.${part.format}`;
  return { type: 'input_file', filename, file_data: dataUrl(part) };
}

function dataUrl({ mimeType, data }: Attachment): string {
  return `data:${mimeType};base64,${data}`;
}

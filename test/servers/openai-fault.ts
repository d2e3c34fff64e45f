/** JSON whose shape is still to be checked. */
export type JsonBody = Record<string, unknown>;

/** A request that OpenAI would refuse. */
export class RequestFault extends Error {
  readonly param: string | null;
  readonly status: number;

  constructor(message: string, param: string | null = null, status = 400) {
    super(message);
    this.param = param;
    this.status = status;
  }

  toJSON(): JsonBody {
    return { message: this.message, type: 'invalid_request_error', param: this.param, code: null };
  }
}

export function isObject(value: unknown): value is JsonBody {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function objectAt(value: unknown, param: string): JsonBody {
  if (!isObject(value)) throw new RequestFault(`Invalid type for '${param}': expected an object.`, param);
  return value;
}

export function listAt(value: unknown, param: string): unknown[] {
  if (!Array.isArray(value)) throw new RequestFault(`Invalid type for '${param}': expected an array.`, param);
  return value;
}

export function textAt(value: unknown, param: string): string {
  if (typeof value !== 'string') throw new RequestFault(`Invalid type for '${param}': expected a string.`, param);
  return value;
}

/** Refuses keys that the API does not have. */
export function onlyKeys(value: JsonBody, keys: readonly string[], param = ''): void {
  const unknown = Object.keys(value).find((key) => !keys.includes(key));
  const path = param === '' ? unknown : `${param}.${unknown}`;
  if (unknown !== undefined) throw new RequestFault(`Unknown parameter: '${path}'.`, path);
}

/** Refuses an image that is none of those that OpenAI reads, or not what it says. */
export function checkImageUrl(value: unknown, param: string): void {
  const url = textAt(value, param);
  if (url.startsWith('https://')) return;
  const [, type, data = ''] = /^data:(image\/[a-z]+);base64,(.*)$/s.exec(url) ?? [];
  const start = Buffer.from(data, 'base64').toString('latin1');
  const isRight = {
    'image/png': start.startsWith('\x89PNG'),
    'image/jpeg': start.startsWith('\xff\xd8\xff'),
    'image/gif': start.startsWith('GIF8'),
    'image/webp': start.startsWith('RIFF'),
  }[type ?? ''];
  if (isRight !== true) throw new RequestFault('The image data you provided does not represent a valid image.', param);
}

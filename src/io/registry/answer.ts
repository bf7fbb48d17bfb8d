// SPDX-License-Identifier: Apache-2.0
// Reading the answers of registries: whole ones with a limit, and the sentence of an error answer fit for a screen.
import { asArray, asObject, asString } from '../../formats/document.ts';
import { RegistryError } from './outcome.ts';
import type { HttpResponse } from './transport.ts';
import { TransportError } from './transport.ts';

/** All bytes of an answer. Throws LIMIT_EXCEEDED before more than `maximum` are kept, REGISTRY_UNREACHABLE when it breaks off. */
export async function readWhole(response: HttpResponse, url: URL, maximum: number): Promise<Buffer> {
  const stated = Number(response.header('content-length') ?? Number.NaN);
  const tooLong = (): RegistryError => {
    response.discard();
    return new RegistryError({ code: 'LIMIT_EXCEEDED', reason: `${nameOf(url)} has more than ${maximum} bytes` });
  };
  if (stated > maximum) throw tooLong();
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of response.body) {
      size += chunk.length;
      if (size > maximum) throw tooLong();
      parts.push(chunk);
    }
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    throw new RegistryError({ code: 'REGISTRY_UNREACHABLE', reason: `${nameOf(url)}: ${error.message}` }, error);
  }
  return Buffer.concat(parts);
}

/** `CODE: message` of the first error (distribution-spec, "Error Codes"); empty when there is none. Reads a small part at most. */
export async function errorSentence(response: HttpResponse, url: URL): Promise<string> {
  try {
    const bytes = await readWhole(response, url, 16_384);
    const first = asObject(asArray(asObject(JSON.parse(bytes.toString('utf8')))?.['errors'])[0]);
    const parts = [asString(first?.['code']), asString(first?.['message'])].filter(
      (part) => part !== undefined && part !== '',
    );
    return printable(parts.join(': '));
  } catch {
    return '';
  }
}

/** Foreign text for a message: no control characters, not long. */
export function printable(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ')
    .slice(0, 200)
    .trim();
}

/** A URL for messages: signed storage links carry secrets in their query. */
export function nameOf(url: URL): string {
  return `${url.host}${url.pathname}`;
}

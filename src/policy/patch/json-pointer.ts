// SPDX-License-Identifier: Apache-2.0
// JSON Pointers (RFC 6901): text to tokens and back.

/** Tokens of a pointer; undefined when it is none: it must be empty or begin with `/`, and `~` is followed by 0 or 1. */
export function parsePointer(text: string): readonly string[] | undefined {
  if (text === '') return [];
  if (!text.startsWith('/') || /~(?![01])/.test(text)) return undefined;
  return text.slice(1).split('/').map(unescapeToken);
}

/** As Go's evanphx/json-patch reads a path: what is no escape is taken as it is, and text before the first `/` does not count. */
export function parseLenientPointer(text: string): readonly string[] | undefined {
  if (text === '') return [];
  return text.includes('/') ? text.split('/').slice(1).map(unescapeToken) : undefined;
}

function unescapeToken(token: string): string {
  return token.replaceAll('~1', '/').replaceAll('~0', '~');
}

export function printPointer(tokens: readonly (string | number)[]): string {
  return tokens.map((token) => `/${escapeToken(String(token))}`).join('');
}

/** A key as one token of a pointer. */
export function escapeToken(token: string): string {
  return token.replaceAll('~', '~0').replaceAll('/', '~1');
}

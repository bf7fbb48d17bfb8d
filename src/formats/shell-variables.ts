// SPDX-License-Identifier: Apache-2.0
// `$NAME`, `${NAME}`, `${NAME:-word}`, `${NAME-word}`, `${NAME:+word}` and `${NAME:?text}` as Dockerfiles and Compose files use them.

export type Variables = ReadonlyMap<string, string>;

/** Variables that hold others grow with every step; a longer text counts as one without a value. */
const longestResult = 1_000_000;

/** The text with its variables replaced; undefined when one has neither value nor default. `$$` is a dollar sign. */
export function substituteVariables(text: string, variables: Variables, depth = 0): string | undefined {
  let out = '';
  for (let at = 0; at < text.length; ) {
    const character = text.charAt(at);
    if (character !== '$') {
      out += character;
      at += 1;
      continue;
    }
    if (text.charAt(at + 1) === '$') {
      out += '$';
      at += 2;
      continue;
    }
    const plain = /^\$([A-Za-z_]\w{0,200})/.exec(text.slice(at, at + 210));
    const end = text.charAt(at + 1) === '{' ? closingBrace(text, at + 1) : -1;
    const value = plain !== null ? variables.get(plain[1] ?? '') : expand(text.slice(at + 2, end), variables, depth);
    if (plain === null && end === -1) return undefined;
    if (value === undefined || out.length + value.length > longestResult) return undefined;
    out += value;
    at = plain === null ? end + 1 : at + plain[0].length;
  }
  return out;
}

function closingBrace(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at += 1) {
    if (text.charAt(at) === '{') depth += 1;
    else if (text.charAt(at) === '}' && (depth -= 1) === 0) return at;
  }
  return -1;
}

function expand(inner: string, variables: Variables, depth: number): string | undefined {
  const match = /^([A-Za-z_]\w{0,200})(:?[-+?])?/.exec(inner);
  if (match === null || depth > 10) return undefined;
  const [whole, name = '', operator] = match;
  const word = inner.slice(whole.length);
  const value = variables.get(name);
  if (operator === undefined) return word === '' ? value : undefined;
  const isSet = value !== undefined && (value !== '' || !operator.startsWith(':'));
  if (operator.endsWith('+')) return isSet ? substituteVariables(word, variables, depth + 1) : '';
  if (isSet) return value;
  return operator.endsWith('-') ? substituteVariables(word, variables, depth + 1) : undefined;
}

// SPDX-License-Identifier: Apache-2.0
// Facts of a Prolog file in the form that descriptions of packages use: `name(atom, 'quoted', "text").`, one after the other. No rules,
// operators or variables.

/** Arguments by name of the fact, in order; a fact may stand several times. Arguments that are terms are kept as they are written. */
export function readPrologFacts(
  text: string,
): readonly { readonly name: string; readonly values: readonly string[] }[] {
  const found: { name: string; values: readonly string[] }[] = [];
  for (const line of text.split('\n')) {
    const match = /^\s{0,20}([a-z][A-Za-z0-9_]{0,60})\((.{0,2000})\)\s{0,20}\.\s{0,20}(?:%.*)?$/.exec(line);
    if (match?.[1] !== undefined) found.push({ name: match[1], values: argumentsOf(match[2] ?? '') });
  }
  return found;
}

/** Splits at commas outside of quotes and brackets. */
function argumentsOf(text: string): string[] {
  const values: string[] = [];
  let depth = 0;
  let quote = '';
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (quote !== '') {
      if (character === '\\') at += 1;
      else if (character === quote) quote = '';
    } else if (character === "'" || character === '"') quote = character;
    else if ('([{'.includes(character)) depth += 1;
    else if (')]}'.includes(character)) depth -= 1;
    else if (character === ',' && depth === 0) {
      values.push(plain(text.slice(start, at)));
      start = at + 1;
    }
  }
  return [...values, plain(text.slice(start))];
}

function plain(argument: string): string {
  const text = argument.trim();
  const quote = text[0];
  const isQuoted = text.length > 1 && (quote === "'" || quote === '"') && text.endsWith(quote);
  return isQuoted ? text.slice(1, -1).replace(/\\(.)/g, '$1') : text;
}

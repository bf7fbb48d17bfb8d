// SPDX-License-Identifier: Apache-2.0
// The two HTTP fields that registries speak through: authentication challenges (RFC 9110, 11.6.1) and links to the next page (RFC 8288).

export interface Challenge {
  /** Lower case: `bearer`, `basic`. */
  readonly scheme: string;
  /** Names in lower case. */
  readonly parameters: ReadonlyMap<string, string>;
}

const fieldLength = 16_384;
/** `name = token` or `name = "quoted"`; no two alternatives start with the same character, so matching is linear. */
const parameterPattern =
  /([!#$%&'*+.^_`|~0-9A-Za-z-]{1,100})[ \t]{0,8}=[ \t]{0,8}(?:"((?:[^"\\]|\\.){0,8192})"|([^\s",=]{1,8192}=*))/y;
const schemePattern = /([A-Za-z][A-Za-z0-9-]{0,40})(?=[ ,]|$)/y;

/** All challenges of a WWW-Authenticate field, several of which may be joined by commas. What cannot be read ends the list. */
export function parseChallenges(field: string): readonly Challenge[] {
  const text = field.slice(0, fieldLength);
  const found: { readonly scheme: string; readonly parameters: Map<string, string> }[] = [];
  let at = 0;
  while (at < text.length) {
    if (/[\s,]/.test(text[at] ?? '')) {
      at += 1;
      continue;
    }
    parameterPattern.lastIndex = at;
    const parameter = parameterPattern.exec(text);
    const current = found.at(-1);
    if (parameter !== null && current !== undefined) {
      const [, name = '', quoted, token] = parameter;
      const value = quoted === undefined ? (token ?? '') : quoted.replaceAll(/\\(.)/g, '$1');
      // The first of two equal names counts, so that nothing can be appended to change a challenge.
      if (!current.parameters.has(name.toLowerCase())) current.parameters.set(name.toLowerCase(), value);
      at = parameterPattern.lastIndex;
      continue;
    }
    schemePattern.lastIndex = at;
    const scheme = schemePattern.exec(text)?.[1];
    if (scheme === undefined) break;
    found.push({ scheme: scheme.toLowerCase(), parameters: new Map() });
    at = schemePattern.lastIndex;
  }
  return found;
}

/** Target of the `rel="next"` link; undefined when this is the last page. */
export function nextLink(field: string | undefined): string | undefined {
  for (const match of (field ?? '').slice(0, fieldLength).matchAll(/<([^<>]{1,8192})>([^<]{0,1000})/g)) {
    const relation = /;\s{0,8}rel\s{0,8}=\s{0,8}"?([^";,]{1,200})"?/i.exec(match[2] ?? '')?.[1];
    if (relation?.toLowerCase().split(/\s/).includes('next') === true) return match[1];
  }
  return undefined;
}

/** Seconds to wait that a Retry-After field asks for (number or date, RFC 9110, 10.2.3); `now` in milliseconds. */
export function retryAfterSeconds(field: string | undefined, now: number): number | undefined {
  if (field === undefined) return undefined;
  if (/^\s{0,8}\d{1,9}\s{0,8}$/.test(field)) return Number(field);
  // Only the date form of HTTP: other texts that the engine takes for dates are no answer.
  const date = /^[A-Za-z]{3,9},? [\w :-]{10,40}GMT$/.test(field) ? Date.parse(field) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - now) / 1_000));
}

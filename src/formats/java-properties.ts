// SPDX-License-Identifier: Apache-2.0
// `key=value` lines of Java property files (java.util.Properties.load) and of the `release` file of a Java runtime, whose values are quoted.

/** Reads a property file; the last value of a key counts. Unicode escapes and `\n` are resolved, surrounding quotes are kept. */
export function parseProperties(text: string): Map<string, string> {
  const found = new Map<string, string>();
  let pending = '';
  for (const raw of text.split(/\r\n|\n|\r/)) {
    const line = pending + raw.trimStart();
    if (pending === '' && /^[#!]/.test(line)) continue;
    // An odd number of backslashes at the end continues the line.
    const slashes = line.length - line.replace(/\\+$/, '').length;
    if (slashes % 2 === 1) {
      pending = line.slice(0, -1);
      continue;
    }
    pending = '';
    const separator = line.search(/[=:\s]/);
    if (line === '' || separator === 0) continue;
    const key = separator === -1 ? line : line.slice(0, separator);
    const rest = separator === -1 ? '' : line.slice(separator).replace(/^\s*[=:]?\s*/, '');
    found.set(unescaped(key), unescaped(rest).trim());
  }
  return found;
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', f: '\f' };

function unescaped(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/gs, (_whole, code: string | undefined, character: string) =>
    code === undefined ? (escapes[character] ?? character) : String.fromCharCode(Number.parseInt(code, 16)),
  );
}

// SPDX-License-Identifier: Apache-2.0
// META-INF/MANIFEST.MF: https://docs.oracle.com/en/java/javase/21/docs/specs/jar/jar.html ("Name-Value pairs and Sections"), and the
// header syntax of OSGi (Core specification, section 3.2.4 "Common Header Syntax").

export interface ManifestSection {
  /** In file order. */
  readonly entries: readonly (readonly [name: string, value: string])[];
  /** First value of that name in any case, trimmed; undefined when absent or blank. */
  get(name: string): string | undefined;
}

export interface JavaManifest {
  readonly main: ManifestSection;
  readonly sections: readonly ManifestSection[];
}

/** Reads a manifest. Never throws; lines that are neither an attribute nor a continuation are passed over. */
export function parseManifest(text: string): JavaManifest {
  const blocks: [string, string][][] = [[]];
  let value: [string, string] | undefined;
  for (const line of text.split(/\r\n|\n|\r/)) {
    const block = blocks.at(-1) ?? [];
    if (line.trim() === '') {
      if (block.length > 0) blocks.push([]);
      value = undefined;
      continue;
    }
    if (line.startsWith(' ')) {
      if (value !== undefined) value[1] += line.slice(1);
      continue;
    }
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    value = [line.slice(0, colon).trim(), line.slice(colon + 1).trimStart()];
    block.push(value);
  }
  const [main = [], ...sections] = blocks;
  return { main: sectionOf(main), sections: sections.filter((block) => block.length > 0).map(sectionOf) };
}

function sectionOf(entries: readonly (readonly [string, string])[]): ManifestSection {
  const byName = new Map(entries.toReversed().map(([name, value]) => [name.toLowerCase(), value.trim()]));
  return { entries, get: (name) => byName.get(name.toLowerCase()) || undefined };
}

export interface HeaderClause {
  /** What stands before the first `;`, without quotes. */
  readonly path: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/** Splits an OSGi header into clauses: `a;x=1;y:="2,3", b`. Quotes protect separators; a backslash protects a quote. */
export function parseHeaderClauses(header: string): HeaderClause[] {
  return splitOutsideQuotes(header, ',').flatMap((clause) => {
    const [path = '', ...rest] = splitOutsideQuotes(clause, ';').map((part) => part.trim());
    if (path === '') return [];
    const parameters = rest.map((part): [string, string] => {
      const equals = part.indexOf('=');
      return [part.slice(0, equals).replace(/:$/, '').trim(), unquoted(part.slice(equals + 1).trim())];
    });
    return [{ path: unquoted(path), parameters: new Map(parameters) }];
  });
}

function splitOutsideQuotes(text: string, separator: string): string[] {
  const parts = [''];
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '\\' && isQuoted) {
      parts[parts.length - 1] += text.slice(at, at + 2);
      at += 1;
      continue;
    }
    if (character === '"') isQuoted = !isQuoted;
    if (character === separator && !isQuoted) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts;
}

function unquoted(text: string): string {
  const inner = text.length > 1 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text;
  return inner.replace(/\\(.)/gs, '$1');
}

// SPDX-License-Identifier: Apache-2.0
// `Key: value` headers with continuation lines, as Python METADATA (RFC 822 style), R DESCRIPTION and Debian control files have them.
// One paragraph: reading stops at the first blank line after a field. Lines that are neither are passed over.

export interface HeaderField {
  /** As written. */
  readonly name: string;
  /** Trimmed; continuation lines are joined by line feeds, their indentation removed. */
  readonly value: string;
  readonly line: number;
}

export interface HeaderFields {
  readonly fields: readonly HeaderField[];
  /** First value of that name in any case; undefined when absent. */
  first(name: string): string | undefined;
  /** All values of that name in any case. */
  all(name: string): readonly string[];
  /** Line of the first field of that name. */
  lineOf(name: string): number | undefined;
}

/** Reads the first paragraph of a text. Never throws. */
export function parseHeaderFields(text: string): HeaderFields {
  const fields = readFields(text);
  const byName = Map.groupBy(fields, (field) => field.name.toLowerCase());
  const named = (name: string): readonly HeaderField[] => byName.get(name.toLowerCase()) ?? [];
  return {
    fields,
    first: (name) => named(name)[0]?.value,
    all: (name) => named(name).map((field) => field.value),
    lineOf: (name) => named(name)[0]?.line,
  };
}

function readFields(text: string): HeaderField[] {
  const found: { name: string; values: string[]; line: number }[] = [];
  // Line by line, because a long description may follow that nobody wants split.
  for (let start = 0, number = 1; start < text.length; number += 1) {
    const feed = text.indexOf('\n', start);
    const end = feed === -1 ? text.length : feed;
    const line = text.slice(start, end);
    start = end + 1;
    // A line of white space only is an empty continuation line.
    const trimmed = line.trim();
    if ((line === '' || line === '\r') && found.length > 0) break;
    const colon = line.indexOf(':');
    const name = colon === -1 ? '' : line.slice(0, colon);
    if (/^[ \t]/.test(line)) found.at(-1)?.values.push(trimmed);
    else if (/^[!-9;-~]+$/.test(name)) found.push({ name, values: [line.slice(colon + 1).trim()], line: number });
  }
  return found.map(({ name, values, line }) => ({ name, value: values.join('\n').trim(), line }));
}

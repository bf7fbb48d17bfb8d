// SPDX-License-Identifier: Apache-2.0
// INI as Python's configparser reads it (https://docs.python.org/3/library/configparser.html#supported-ini-file-structure): sections,
// `key = value` or `key: value`, indented continuation lines, whole-line comments. No interpolation.

export interface IniLine {
  readonly text: string;
  readonly line: number;
}

/** A value as its non-blank lines, trimmed; the first may stand on the line of the key. */
export type IniValue = readonly IniLine[];

export interface IniDocument {
  /** Keys are lower case; a key before the first section is in the section with the empty name. */
  section(name: string): ReadonlyMap<string, IniValue>;
  readonly sections: readonly string[];
}

const none: ReadonlyMap<string, IniValue> = new Map();

/** Reads an INI text. Never throws; a line that is neither section, key nor continuation is passed over. */
export function parseIni(text: string): IniDocument {
  const sections = new Map<string, Map<string, IniLine[]>>();
  let section: Map<string, IniLine[]> | undefined;
  let value: IniLine[] | undefined;
  for (const [index, raw] of text.split('\n').entries()) {
    const line = index + 1;
    const trimmed = raw.trim();
    if (trimmed === '' || /^[#;]/.test(trimmed)) continue;
    if (/^[ \t]/.test(raw) && value !== undefined) {
      value.push({ text: trimmed, line });
      continue;
    }
    const header = /^\[([^\]]+)\]/.exec(trimmed)?.[1];
    const separator = trimmed.search(/[=:]/);
    if (header !== undefined) {
      section = opened(sections, header.trim());
      value = undefined;
    } else if (separator > 0) {
      section ??= opened(sections, '');
      const first = trimmed.slice(separator + 1).trim();
      value = first === '' ? [] : [{ text: first, line }];
      section.set(trimmed.slice(0, separator).trim().toLowerCase(), value);
    }
  }
  return { section: (name) => sections.get(name) ?? none, sections: [...sections.keys()] };
}

function opened(sections: Map<string, Map<string, IniLine[]>>, name: string): Map<string, IniLine[]> {
  const known = sections.get(name) ?? new Map<string, IniLine[]>();
  sections.set(name, known);
  return known;
}

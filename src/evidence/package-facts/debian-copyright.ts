// SPDX-License-Identifier: Apache-2.0
// Licences that a Debian copyright file names: `License:` fields (https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/)
// and references to /usr/share/common-licenses. Texts are not recognised.
import { licenseOfName } from '../../formats/spdx-license-names.ts';

/** Names as written, sorted, each once. */
export function copyrightLicenses(text: string): string[] {
  const found = new Set<string>();
  // Before the format was fixed, `License:` could begin a paragraph of prose: only a known name counts there.
  const isFormatted = /^Format(?:-Specification)?:/im.test(text.slice(0, 1_000));
  for (const line of text.split('\n')) {
    const field = /^License:\s{0,40}(\S.{0,300})$/.exec(line.trimEnd())?.[1];
    if (field !== undefined && isFormatted) for (const name of licenseNames(field)) found.add(name);
    else if (field !== undefined && licenseOfName(field) !== undefined) found.add(field);
    for (const match of line.matchAll(/\/usr\/share\/common-licenses\/([0-9A-Za-z][\w.+-]{0,60})/g)) {
      found.add((match[1] ?? '').replace(/[.,'"]+$/, ''));
    }
  }
  return [...found].sort();
}

/** `GPL-2+ and LGPL-2.1, or MIT` names three licences; a sentence names none. */
function licenseNames(field: string): string[] {
  const names = field.split(/,?\s+(?:and|or|and\/or)\s+|,\s*/i).map((name) => name.trim());
  return names.filter((name) => name.toLowerCase() !== 'none' && /^[0-9A-Za-z][\w.+~-]{0,60}$/.test(name));
}

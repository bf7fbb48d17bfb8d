// SPDX-License-Identifier: Apache-2.0
// LICENSE of an ebuild as an expression. https://projects.gentoo.org/pms/8/pms.html ("Dependency Specification Format", LICENSE)

export interface LicenseGroups {
  readonly groups: ReadonlyMap<string, readonly string[]>;
  /** A sentence per group that names itself or one that does not exist; such a reference is left as it is. */
  readonly errors: readonly string[];
}

/** `NAME license @OTHER-GROUP ...` lines; groups inside groups are replaced by their members. */
export function parseLicenseGroups(text: string): LicenseGroups {
  const written = new Map<string, string[]>();
  for (const raw of text.split('\n')) {
    const [name = '', ...members] = raw.replace(/#.*$/, '').trim().split(/\s+/);
    if (name !== '') written.set(name, [...(written.get(name) ?? []), ...members]);
  }
  const errors: string[] = [];
  const resolve = (name: string, path: readonly string[]): string[] =>
    (written.get(name) ?? []).flatMap((member) => {
      if (!member.startsWith('@')) return [member];
      const group = member.slice(1);
      if (written.has(group) && !path.includes(group) && path.length < 50) return resolve(group, [...path, group]);
      errors.push(
        `license group ${name} names ${member}, which ${written.has(group) ? 'leads back to it' : 'does not exist'}`,
      );
      return [member];
    });
  const groups = new Map([...written.keys()].map((name) => [name, [...new Set(resolve(name, [name]))]]));
  return { groups, errors };
}

/** `GPL-2 || ( MIT BSD ) doc? ( FDL-1.3 )` -> `GPL-2 AND (MIT OR BSD) AND FDL-1.3`; empty for an empty field. */
export function gentooLicense(text: string, { groups }: Pick<LicenseGroups, 'groups'>): string {
  const words = text.split(/\s+/).filter((word) => word !== '');
  const expanded = words.flatMap((word) => (word.startsWith('@') ? (groups.get(word.slice(1)) ?? [word]) : [word]));
  const state = { words: expanded, at: 0 };
  const parts = readAll(state, 0);
  const only = parts[0];
  return parts.length === 1 && only?.startsWith('(') === true ? only.slice(1, -1) : parts.join(' AND ');
}

interface Reading {
  readonly words: readonly string[];
  at: number;
}

/** Terms up to the closing parenthesis or the end, alternatives in parentheses. */
function readAll(state: Reading, depth: number): string[] {
  const terms: string[] = [];
  while (state.at < state.words.length) {
    const word = state.words[state.at] ?? '';
    state.at += 1;
    if (word === ')') return terms;
    // `flag?` makes what follows depend on a build option; it may have been on.
    if (word.endsWith('?')) continue;
    if (depth > 20 || (word !== '(' && word !== '||')) terms.push(word);
    else if (word === '(') terms.push(...readAll(state, depth + 1));
    else {
      if (state.words[state.at] === '(') state.at += 1;
      const choices = readAll(state, depth + 1);
      terms.push(choices.length === 1 ? (choices[0] ?? '') : `(${choices.join(' OR ')})`);
    }
  }
  return terms;
}

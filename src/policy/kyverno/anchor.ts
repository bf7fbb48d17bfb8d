// SPDX-License-Identifier: Apache-2.0
// Anchors: keys of a pattern with a mark around them (Kyverno pkg/engine/anchor).

/** `(k)`, `<(k)`, `X(k)`, `=(k)`, `^(k)` and `+(k)`; the last is for mutation only. */
export type AnchorKind = 'condition' | 'global' | 'negation' | 'equality' | 'existence' | 'addIfNotPresent';

export interface Anchor {
  readonly kind: AnchorKind;
  readonly key: string;
}

const kinds: Readonly<Record<string, AnchorKind>> = {
  '': 'condition',
  '<': 'global',
  X: 'negation',
  '=': 'equality',
  '^': 'existence',
  '+': 'addIfNotPresent',
};

const form = /^([+<=X^])?\((.+)\)$/s;

/** The anchor a key is, if it is one. */
export function parseAnchor(key: string): Anchor | undefined {
  if (!key.endsWith(')')) return undefined;
  const [, mark = '', inner] = form.exec(key) ?? [];
  const kind = kinds[mark];
  const name = inner?.trim() ?? '';
  return kind === undefined || name === '' ? undefined : { kind, key: name };
}

const marks: Readonly<Record<AnchorKind, string>> = {
  condition: '',
  global: '<',
  negation: 'X',
  equality: '=',
  existence: '^',
  addIfNotPresent: '+',
};

/** The key of an anchor as it is written in a pattern. */
export function formatAnchor({ kind, key }: Anchor): string {
  return `${marks[kind]}(${key})`;
}

/** The key without its mark. */
export function bareKey(key: string): string {
  return parseAnchor(key)?.key ?? key;
}

// SPDX-License-Identifier: Apache-2.0
import type { RawSecret } from './raw-secret.ts';

/** Drops what a generic rule found where, on the same line, a rule that knows the secret has found one that contains it. */
export function withoutDoubles(secrets: readonly RawSecret[]): readonly RawSecret[] {
  const generic = secrets.filter(isGeneric);
  if (generic.length === 0 || generic.length === secrets.length) return secrets;
  // Together and not one by one: a line without end can hold thousands of both.
  const known = new Map<number, Set<string>>();
  for (const secret of secrets) {
    if (isGeneric(secret)) continue;
    const { startLine } = secret.gitleaks;
    known.set(startLine, (known.get(startLine) ?? new Set()).add(secret.secret));
  }
  const texts = new Map([...known].map(([line, all]) => [line, [...all].join('\0')]));
  return secrets.filter((secret) => {
    const text = isGeneric(secret) ? texts.get(secret.gitleaks.startLine) : undefined;
    return text === undefined || !text.includes(secret.secret);
  });
}

function isGeneric({ rule }: RawSecret): boolean {
  return rule.id.toLowerCase().includes('generic');
}

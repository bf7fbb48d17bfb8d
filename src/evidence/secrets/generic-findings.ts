// SPDX-License-Identifier: Apache-2.0
import type { RawSecret } from './raw-secret.ts';

/** Drops what a generic rule found where, on the same line, a rule that knows the secret has found one that contains it. */
export function withoutDoubles(secrets: readonly RawSecret[]): readonly RawSecret[] {
  if (secrets.length < 2) return secrets;
  return secrets.filter(
    (secret) =>
      !isGeneric(secret) ||
      !secrets.some(
        (other) =>
          !isGeneric(other) &&
          other.gitleaks.startLine === secret.gitleaks.startLine &&
          other.commit === secret.commit &&
          other.secret.includes(secret.secret),
      ),
  );
}

function isGeneric({ rule }: RawSecret): boolean {
  return rule.id.toLowerCase().includes('generic');
}

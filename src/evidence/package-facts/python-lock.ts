// SPDX-License-Identifier: Apache-2.0
// Dependencies inside a Python lock file: from a name (and a constraint, where several versions are locked) to the ids of packages.
import { pep440 } from '../../advisories/versions/pep440.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { Package, Scope } from '../../model/package.ts';
import { normalizePythonName } from './python.ts';

/** What one package of a lock file asks for. */
export interface LockedNeed {
  readonly name: string;
  /** Exact version, where the lock file says which of several is meant. */
  readonly version?: string | undefined;
  /** PEP 440 or Poetry constraint. */
  readonly constraint?: string | undefined;
}

const mostVersions = 50;

/** Finds locked packages by any spelling of their name. */
export class PythonLockIndex {
  readonly #byName = new Map<string, Package[]>();

  constructor(packages: readonly Package[]) {
    for (const item of packages) {
      const name = normalizePythonName(item.name);
      const known = this.#byName.get(name);
      if (known === undefined) this.#byName.set(name, [item]);
      else known.push(item);
    }
  }

  named(name: string): readonly Package[] {
    return this.#byName.get(normalizePythonName(name)) ?? [];
  }

  /** Usually one id. Several when more than one locked version may be meant (they differ by marker), none when it is not locked. */
  idsOf(need: LockedNeed): readonly string[] {
    // Real lock files hold a handful of versions of a package; a made-up one could make every package depend on all others.
    const candidates = this.named(need.name).slice(0, mostVersions);
    if (candidates.length < 2) return candidates.map((item) => item.id);
    const exact = candidates.filter((item) => item.version === need.version);
    if (exact.length > 0) return exact.map((item) => item.id);
    const constraint = need.constraint ?? '';
    const fitting = candidates.filter((item) => fits(item.version, constraint));
    return (fitting.length === 0 ? candidates : fitting).map((item) => item.id);
  }

  /** Ids of all needs, each once. */
  idsOfAll(needs: readonly LockedNeed[]): readonly string[] {
    return [...new Set(needs.flatMap((need) => this.idsOf(need)))];
  }
}

/** PEP 440 clauses, and what Poetry adds to them: `||`, carets, tildes. What cannot be judged fits. */
function fits(version: string, constraint: string): boolean {
  if (constraint.length > defaultLimits.versionLength) return true;
  return constraint.split('||').some((part) => {
    const clauses = part.split(/,|\s+(?=[<>=!~^])/).map((clause) => clause.trim());
    return clauses.every((clause) => clause === '' || clause === '*' || (fitsClause(version, clause) ?? true));
  });
}

function fitsClause(version: string, clause: string): boolean | undefined {
  const poetry = /^(\^|~)\s*([0-9]+(?:\.[0-9]+)*)/.exec(clause);
  const [, operator, base = ''] = poetry ?? [];
  if (operator === undefined) return pep440.satisfies(version, /^[0-9]/.test(clause) ? `==${clause}` : clause);
  const parts = base.split('.').map(Number);
  // The caret keeps the first part that is not zero; the tilde the first two (or the only one).
  const firstPositive = parts.findIndex((part) => part > 0);
  const kept =
    operator === '~' ? Math.min(1, parts.length - 1) : firstPositive === -1 ? parts.length - 1 : firstPositive;
  const next = [...parts.slice(0, kept), (parts[kept] ?? 0) + 1].join('.');
  return pep440.satisfies(version, `>=${base},<${next}`);
}

const developmentNames = /^(?:dev|develop|development|docs?|lint|linting|format|typing|types)$/;
const testNames = /^(?:tests?|testing)$/;

/** Scope of a dependency group that nothing but its name describes: `dev` and `test` as such, any other is optional. */
export function scopeOfGroup(name: string): Scope {
  if (testNames.test(name)) return 'test';
  return developmentNames.test(name) ? 'development' : 'optional';
}

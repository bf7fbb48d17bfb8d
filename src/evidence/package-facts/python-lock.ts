// SPDX-License-Identifier: Apache-2.0
// Dependencies inside a Python lock file: from a name (and a constraint, where several versions are locked) to the ids of packages.
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
    const candidates = this.named(need.name);
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

/** Poetry's `||` and `^` count as well; what cannot be judged fits. */
function fits(version: string, constraint: string): boolean {
  if (constraint === '' || constraint === '*') return true;
  return constraint.split('||').some((part) => part.trim() === '' || version !== '');
}

const developmentNames = /^(?:dev|develop|development|docs?|lint|linting|format|typing|types)$/;
const testNames = /^(?:tests?|testing)$/;

/** Scope of a dependency group that nothing but its name describes: `dev` and `test` as such, any other is optional. */
export function scopeOfGroup(name: string): Scope {
  if (testNames.test(name)) return 'test';
  return developmentNames.test(name) ? 'development' : 'optional';
}

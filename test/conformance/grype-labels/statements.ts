// SPDX-License-Identifier: Apache-2.0
// What the data says on a name under an id: which ecosystems have such an advisory, and how each writes the name.
import { releasesOf } from '../../../src/advisories/distributions.ts';
import type { Advisory } from '../../../src/model/advisory.ts';
import type { ImageSystem } from './images.ts';
import type { Label } from './labels.ts';

export interface Statement {
  readonly ecosystem: string;
  /** purl type of the ecosystem's packages. */
  readonly type: string;
  /** As the ecosystem writes it: with the group of Maven. */
  readonly name: string;
}

/** Registries, and the purl type of their packages. */
const registries: Readonly<Record<string, string>> = {
  Go: 'golang',
  Maven: 'maven',
  NuGet: 'nuget',
  Packagist: 'composer',
  PyPI: 'pypi',
  RubyGems: 'gem',
  'crates.io': 'cargo',
  npm: 'npm',
};

/** purl type of the packages of a registry; empty for other ecosystems. */
export function typeOf(ecosystem: string): string {
  return registries[ecosystem] ?? '';
}

export class Statements {
  readonly #byIdAndName = new Map<string, Statement[]>();
  readonly #ids = new Set<string>();

  constructor(advisories: Iterable<Advisory>) {
    for (const advisory of advisories) {
      if (advisory.withdrawn !== undefined) continue;
      const ids = [advisory.id, ...advisory.aliases, ...(advisory.fixes ?? [])];
      for (const { ecosystem, name } of advisory.affected)
        for (const id of ids) this.#add(id, { ecosystem, name, type: typeOf(ecosystem) });
    }
  }

  /** Whether the data has an advisory of an id of the label, on any package. */
  knows(label: Label): boolean {
    return label.ids.some((id) => this.#ids.has(id));
  }

  #add(id: string, statement: Statement): void {
    this.#ids.add(id);
    const key = keyOf(id, shortName(statement));
    const known = this.#byIdAndName.get(key);
    if (known === undefined) this.#byIdAndName.set(key, [statement]);
    else if (!known.some((one) => one.ecosystem === statement.ecosystem && one.name === statement.name))
      known.push(statement);
  }

  /** On a package of the system, in its release. */
  ofSystem(label: Label, system: ImageSystem): readonly Statement[] {
    const releases = system.distribution === undefined ? [] : releasesOf(system.distribution);
    return this.#of(label)
      .filter((one) => releases.includes(one.ecosystem))
      .map((one) => ({ ...one, type: system.type }));
  }

  /** On a package of a registry. */
  ofRegistries(label: Label): readonly Statement[] {
    return this.#of(label).filter((one) => one.type !== '');
  }

  #of(label: Label): readonly Statement[] {
    return label.ids.flatMap((id) => this.#byIdAndName.get(keyOf(id, label.name.toLowerCase())) ?? []);
  }
}

function keyOf(id: string, name: string): string {
  return `${id}\n${name}`;
}

/** Labels name archives of Java without their group. */
function shortName({ ecosystem, name }: Statement): string {
  const short = ecosystem === 'Maven' ? name.slice(name.indexOf(':') + 1) : name;
  return short.toLowerCase();
}

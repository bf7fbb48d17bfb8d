// SPDX-License-Identifier: Apache-2.0
// Which installed object a decision is of, so that an Event can be shown with it. Policies of files are nobody in the cluster.
import type { InstalledPolicy } from '../policy-watches.ts';
import type { ObjectReference } from './cluster-event.ts';
import { referenceTo } from './cluster-event.ts';

export class PolicyReferences {
  #byKey: ReadonlyMap<string, ObjectReference> = new Map();
  #byName: ReadonlyMap<string, ObjectReference> = new Map();

  /** All policies that are installed now. */
  set(installed: readonly InstalledPolicy[]): void {
    const all = installed.map(({ key, object }) => ({ key, reference: referenceTo(object) }));
    this.#byKey = new Map(all.map(({ key, reference }) => [key, reference]));
    this.#byName = new Map(
      all.map(({ reference }) => [nameIn(reference.kind, nameWithNamespace(reference)), reference]),
    );
  }

  /** `path`: where a decision says that its policy is. */
  at(path: string): ObjectReference | undefined {
    return this.#byKey.get(path);
  }

  /** `name`: as decisions call it, with its namespace before it where its kind has one. */
  named(kind: string, name: string): ObjectReference | undefined {
    return this.#byName.get(nameIn(kind, name));
  }
}

function nameWithNamespace({ namespace, name = '' }: ObjectReference): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

function nameIn(kind: string, name: string): string {
  return `${kind} ${name}`;
}

// SPDX-License-Identifier: Apache-2.0
// Which roles somebody has by RoleBindings and ClusterRoleBindings, as Kyverno's match and exclude ask (pkg/userinfo). Watched only while a policy asks.
import type { JsonObject } from '../../../formats/document.ts';
import { asArray, asObject, asString, asStrings } from '../../../formats/document.ts';
import type { KubeClient, KubeResource, Watch } from '../../../io/kube/client.ts';
import type { KubeUnknown } from '../../../io/kube/outcome.ts';
import { LandwaiterError } from '../../../model/error.ts';
import { settledWatch } from './settled-watch.ts';

export interface RolesOfSomebody {
  /** `namespace:name`. */
  readonly roles: readonly string[];
  readonly clusterRoles: readonly string[];
}

interface Binding {
  readonly role: string;
  readonly of: 'role' | 'clusterRole';
  /** `User alice`, `Group team`; service accounts as the users that they are. */
  readonly subjects: readonly string[];
}

const group = 'rbac.authorization.k8s.io/v1';
const kinds: readonly KubeResource[] = [
  { apiVersion: group, kind: 'RoleBinding', resource: 'rolebindings', namespaced: true },
  { apiVersion: group, kind: 'ClusterRoleBinding', resource: 'clusterrolebindings', namespaced: false },
];

export class RoleBindings {
  /** Resolves when all bindings are known, or may not be read. */
  readonly settled: Promise<void>;
  readonly #watches: readonly Watch<Binding>[];
  #isComplete = false;
  /** Bindings by subject; undefined after something changed. */
  #bySubject: Map<string, Binding[]> | undefined;

  constructor(client: KubeClient, failed: (unknown: KubeUnknown) => void) {
    const changed = (): void => {
      this.#bySubject = undefined;
    };
    const opened = kinds.map((kind) =>
      settledWatch(client, kind, { handler: { project: projectBinding, changed, failed } }),
    );
    this.#watches = opened.map(({ watch }) => watch);
    this.settled = Promise.all(opened.map(({ settled }) => settled)).then(() => undefined);
    void Promise.all(opened.map(({ complete }) => complete)).then(() => {
      this.#isComplete = true;
    });
  }

  /** Throws while not all bindings are known: a rule that is only about some roles must not be taken for one about nobody. */
  rolesOf(userInfo: JsonObject): RolesOfSomebody {
    if (!this.#isComplete)
      throw new LandwaiterError({
        code: 'NETWORK_FAILED',
        message: `the roles of the user are not known: ${this.#reason()}`,
      });
    this.#bySubject ??= this.#index();
    const subjects = [
      `User ${asString(userInfo['username']) ?? ''}`,
      ...asStrings(userInfo['groups']).map((name) => `Group ${name}`),
    ];
    const bindings = subjects.flatMap((subject) => this.#bySubject?.get(subject) ?? []);
    const named = (of: Binding['of']): readonly string[] => [
      ...new Set(bindings.filter((binding) => binding.of === of).map(({ role }) => role)),
    ];
    return { roles: named('role'), clusterRoles: named('clusterRole') };
  }

  #index(): Map<string, Binding[]> {
    const index = new Map<string, Binding[]>();
    for (const { objects } of this.#watches)
      for (const binding of objects.values())
        for (const subject of binding.subjects) {
          const own = index.get(subject);
          if (own === undefined) index.set(subject, [binding]);
          else own.push(binding);
        }
    return index;
  }

  #reason(): string {
    const failure = this.#watches.map(({ state }) => state.lastFailure).find((unknown) => unknown !== undefined);
    return failure?.reason ?? 'bindings are still being read';
  }

  close(): void {
    for (const watch of this.#watches) watch.close();
  }
}

function projectBinding(object: JsonObject, intern: (text: string) => string): Binding {
  const namespace = asString(asObject(object['metadata'])?.['namespace']);
  const reference = asObject(object['roleRef']);
  const name = asString(reference?.['name']) ?? '';
  const isRole = reference?.['kind'] === 'Role' && namespace !== undefined;
  return {
    role: intern(isRole ? `${namespace}:${name}` : name),
    of: isRole ? 'role' : 'clusterRole',
    subjects: asArray(object['subjects']).flatMap((item) => {
      const subject = asObject(item) ?? {};
      const [kind, who] = [asString(subject['kind']) ?? '', asString(subject['name']) ?? ''];
      if (kind !== 'ServiceAccount') return [intern(`${kind} ${who}`)];
      return [intern(`User system:serviceaccount:${asString(subject['namespace']) ?? namespace ?? ''}:${who}`)];
    }),
  };
}

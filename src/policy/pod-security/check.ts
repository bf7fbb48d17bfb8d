// SPDX-License-Identifier: Apache-2.0
// What a check of the Pod Security Standards is, and what it is given: one Pod (or the template of a controller) with its containers named.

import type { DocumentPath, JsonObject } from '../../formats/document.ts';

export type Level = 'privileged' | 'baseline' | 'restricted';

export interface PodContainer {
  readonly name: string;
  /** Path in the Pod: `spec.containers[0]`. */
  readonly at: DocumentPath;
  readonly container: JsonObject;
  readonly securityContext: JsonObject;
}

export interface PodUnderTest {
  readonly annotations: JsonObject;
  readonly spec: JsonObject;
  readonly securityContext: JsonObject;
  /** Init containers first, then containers, then ephemeral ones, as the API server visits them. */
  readonly containers: readonly PodContainer[];
  readonly isWindows: boolean;
  /** `hostUsers: false`: root inside is not root outside. */
  readonly hasUserNamespace: boolean;
}

export interface Violation {
  /** What is forbidden in a few words; the same for every Pod. */
  readonly reason: string;
  /** Which containers, volumes or settings. */
  readonly detail: string;
  /** Places in the Pod. */
  readonly at: readonly DocumentPath[];
  /** Smallest changes of the Pod that end the violation, as far as there are any that keep its meaning. */
  readonly changes: readonly PodChange[];
}

/** Sets (or removes) one member of the Pod. */
export type PodChange =
  | { readonly op: 'set'; readonly at: DocumentPath; readonly value: unknown }
  | { readonly op: 'remove'; readonly at: DocumentPath };

/** `evaluate` is given the minor version whose rules are asked for. */
export interface PodSecurityCheck {
  readonly id: string;
  readonly level: 'baseline' | 'restricted';
  /** First minor version of Kubernetes 1 that has the check. */
  readonly since: number;
  /** Checks that need not be made where this one is. */
  readonly overrides?: readonly string[];
  readonly evaluate: (pod: PodUnderTest, minor: number) => Violation | undefined;
}

/** `container "a"`, `containers "a", "b"`. */
export function namesOf(containers: readonly PodContainer[]): string {
  const names = containers.map(({ name }) => JSON.stringify(name)).join(', ');
  return `${containers.length === 1 ? 'container' : 'containers'} ${names}`;
}

/** Version from which Pods that say they are Windows Pods need not set what Windows does not know. */
export const windowsExemptSince = 25;
/** Version from which Pods with a user namespace may run as root inside. */
export const userNamespaceSince = 35;

/** A check that every container must satisfy by itself. */
export function forContainers(
  reason: string,
  rule: {
    readonly isBad: (container: PodContainer) => boolean;
    readonly must: string;
    readonly member: readonly string[];
    readonly change?: (container: PodContainer) => PodChange;
  },
): (pod: PodUnderTest) => Violation | undefined {
  return (pod) => {
    const bad = pod.containers.filter(rule.isBad);
    if (bad.length === 0) return undefined;
    return {
      reason,
      detail: `${namesOf(bad)} must ${rule.must}`,
      at: bad.map(({ at }) => [...at, ...rule.member]),
      changes: rule.change === undefined ? [] : bad.map(rule.change),
    };
  };
}

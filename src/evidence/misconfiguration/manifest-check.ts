// SPDX-License-Identifier: Apache-2.0
// What a check of Kubernetes objects is. Pure: objects in, faults out. The list is checks/index.ts; running it is check-manifests.ts.
import type { DocumentPath } from '../../formats/document.ts';
import type { KubernetesResource } from '../../formats/kubernetes-yaml/resources.ts';
import type { Severity } from '../../model/severity.ts';
import type { Fix } from '../../model/text-edit.ts';

/**
 * Programs whose checks ours can stand in for. Where two of them disagree about the same concern there is one check for each, and only one belongs to
 * the profile `landwaiter`, which is what runs when nobody asks for another.
 */
export type ManifestProfile = 'landwaiter' | 'trivy' | 'kube-linter' | 'polaris';

export interface ManifestCheck {
  /** Kebab case, unique among all checks of misconfiguration; also the name of the file. */
  readonly id: string;
  /** What it finds, in a few words. */
  readonly title: string;
  /** What others call it: `KSV-0012`, `kube-linter/run-as-non-root`, `polaris/runAsRootAllowed`, `CIS-5.2.7`. Sorted. */
  readonly aliases: readonly string[];
  readonly profiles: readonly ManifestProfile[];
  /** The program that has it has deprecated it, and runs it only where that is asked for (`--include-deprecated-checks`). */
  readonly deprecated?: true;
  readonly severity: Severity;
  /** Why it matters, in one sentence. */
  readonly why: string;
  /** What to do, in one sentence. */
  readonly remediation: string;
  readonly urls: readonly string[];
  /** Smallest manifests that show the check: `good` gives no fault, `bad` at least one. */
  readonly example: { readonly good: string; readonly bad: string };
  /** Kinds it looks at; without it every object. */
  readonly kinds?: readonly string[];
  run(resource: KubernetesResource, set: ManifestSet): readonly ManifestFault[];
}

/** All objects that are looked at together: what a Service selects stands in another file. */
export interface ManifestSet {
  readonly resources: readonly KubernetesResource[];
  ofKind(kind: string): readonly KubernetesResource[];
  /** Parameters of the user for this check, from the configuration; checked by the check itself. */
  parametersOf(check: string): Readonly<Record<string, unknown>>;
}

export interface ManifestFault {
  /** One sentence without a full stop; secrets redacted. */
  readonly message: string;
  /** The same in the words of another program, where its users compare them. */
  readonly wording?: Readonly<Partial<Record<ManifestProfile, string>>>;
  /** Where in the object; the nearest known parent is shown when the member is absent. */
  readonly at: DocumentPath;
  /** Where it is not that of the check. */
  readonly severity?: Severity;
  readonly fix?: Fix;
  /** What would make it right; the run makes a fix of it where the text of the file is known (manifest-fix.ts). */
  readonly wanted?: readonly WantedValue[];
}

/** A member that should have a value, or none. Members on the way that are absent are added. */
export interface WantedValue {
  readonly at: DocumentPath;
  /** Undefined: the member should not be there. */
  readonly value: WantedContent | undefined;
  /** What the user still has to think about; stands beside the value as a comment. */
  readonly comment?: string;
}

export type WantedContent =
  | string
  | number
  | boolean
  | readonly WantedContent[]
  | { readonly [member: string]: WantedContent };

export function defineManifestCheck(check: ManifestCheck): ManifestCheck {
  return check;
}

// SPDX-License-Identifier: Apache-2.0
// What a check of the common pipeline model is. Pure: a pipeline in, faults out. The list is checks/index.ts; running it is audit.ts.

import type { KubernetesResource } from '../../formats/kubernetes-yaml/resources.ts';
import type { PinLock } from '../../formats/pin-lock.ts';
import type { Confidence } from '../../model/confidence.ts';
import type { Location } from '../../model/location.ts';
import type { PipelinePersona, PipelinePrinciple } from '../../model/pipeline-finding.ts';
import type { Severity } from '../../model/severity.ts';
import type { Fix } from '../../model/text-edit.ts';
import type { ActionAdvisory } from './github/action-advisories.ts';
import type { Pipeline, PipelineFile, PipelineSystem } from './pipeline.ts';
import type { PipelineSet } from './pipeline-set.ts';

export interface PipelineCheck {
  /** Kebab case, unique among the checks of pipelines; also the name of the file. */
  readonly id: string;
  /** What it finds, in a few words. */
  readonly title: string;
  /** `poutine/injection`; sorted. */
  readonly aliases: readonly string[];
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly persona: PipelinePersona;
  readonly principle: PipelinePrinciple;
  readonly systems: readonly PipelineSystem[];
  /** Why it matters, in one sentence. */
  readonly why: string;
  /** What to do, in one sentence. */
  readonly remediation: string;
  /** What it cannot do without; where that is missing the check is told as not run. */
  readonly needs?: 'advisories' | 'verified creators';
  /** Smallest files that show the check: `good` gives no fault, `bad` at least one. Absent where it needs more than files. */
  readonly example?: { readonly path: string; readonly good: string; readonly bad: string };
  run(pipeline: Pipeline, context: PipelineCheckContext): readonly PipelineFault[];
  /** Asked once for a target: what stands beside the pipelines (manifests of runners, roles, trust of clouds). */
  readonly runOnTarget?: (context: PipelineCheckContext) => readonly PipelineFault[];
}

export interface PipelineCheckContext {
  readonly set: PipelineSet;
  /** All files of the target that were handed in. */
  readonly files: readonly PipelineFile[];
  /** Kubernetes objects among them. */
  readonly resources: () => readonly KubernetesResource[];
  /** Text of a file of the target, for fixes. */
  readonly textAt: (path: string) => string | undefined;
  /** Advisories of `owner/repository` in a version; undefined when the database could not be asked. */
  readonly advisoriesOf?: (slug: string, version: string) => readonly ActionAdvisory[] | undefined;
  /** Commits and digests that names stand for; fixes are made from them. */
  readonly lock?: PinLock;
  /** Owners of actions that the user, or the marketplace, vouches for; lower case. */
  readonly verifiedCreators?: ReadonlySet<string>;
  /** Labels of self-hosted runners that may run pull requests: they are thrown away after each job. */
  readonly ephemeralRunners: ReadonlySet<string>;
}

export interface PipelineFault {
  /** One sentence without a full stop; secrets redacted. */
  readonly message: string;
  /** The first is the primary one. */
  readonly locations: readonly [Location, ...Location[]];
  readonly job?: string;
  readonly step?: string;
  /** Where they are not those of the check. */
  readonly severity?: Severity;
  readonly confidence?: Confidence;
  readonly persona?: PipelinePersona;
  readonly fix?: Fix;
}

export function definePipelineCheck(check: PipelineCheck): PipelineCheck {
  return check;
}

// SPDX-License-Identifier: Apache-2.0
import type { Confidence } from './confidence.ts';
import type { Location } from './location.ts';
import type { Severity } from './severity.ts';
import type { Fix } from './text-edit.ts';

/** What a build must hold to (docs/pipelines.md), plus `injection`, by which the four are got round, and `correctness`: it does not do what it says. */
export type PipelinePrinciple =
  | 'least-privilege'
  | 'ephemeral-environments'
  | 'secrets-management'
  | 'provenance-integrity'
  | 'injection'
  | 'correctness';

/** Who wants to see it: everybody, those who like it strict, those who look at everything. */
export type PipelinePersona = 'regular' | 'pedantic' | 'auditor';

/** A weakness of a build pipeline. */
export interface PipelineFinding {
  readonly kind: 'pipeline';
  /** Id of the check. */
  readonly id: string;
  /** What other programs call it: `zizmor/artipacked`, `poutine/injection`, `actionlint/expression`. */
  readonly aliases: readonly string[];
  readonly title: string;
  /** What is wrong here, in one sentence. */
  readonly message: string;
  readonly remediation: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly persona: PipelinePersona;
  readonly principle: PipelinePrinciple;
  /** The first is the primary one. */
  readonly locations: readonly Location[];
  /** Job and step where there are such, for people. */
  readonly job?: string;
  readonly step?: string;
  readonly fix?: Fix;
}

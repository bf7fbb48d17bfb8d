// SPDX-License-Identifier: Apache-2.0
// What a check of GitHub's own files (workflows, composite actions, dependabot.yml, pre-commit configuration) is. Pure: a file in, faults out.
// The list is github-checks/index.ts; running it is audit-github.ts.
import type { GithubFile, GithubFileKind } from '../../formats/github-workflow/github-file.ts';
import type { Span } from '../../formats/span.ts';
import type { Confidence } from '../../model/confidence.ts';
import type { PipelinePersona, PipelinePrinciple } from '../../model/pipeline-finding.ts';
import type { Severity } from '../../model/severity.ts';
import type { Fix } from '../../model/text-edit.ts';
import type { ActionAdvisories } from './github/action-advisories.ts';
import type { ActionResolver } from './github/action-resolver.ts';
import type { ExpressionCache } from './github/expressions.ts';

export interface GithubCheck {
  /** Kebab case, unique among the checks of pipelines; also the name of the file. */
  readonly id: string;
  /** `zizmor/artipacked`; sorted. */
  readonly aliases: readonly string[];
  /** What it finds, in a few words. */
  readonly title: string;
  readonly principle: PipelinePrinciple;
  /** Why it matters, in one sentence. */
  readonly why: string;
  /** What to do, in one sentence. */
  readonly remediation: string;
  readonly urls: readonly string[];
  readonly kinds: readonly GithubFileKind[];
  /** What it cannot do without; where that is missing the check is reported as not looked at. */
  readonly needs?: 'resolver' | 'advisories';
  /** Smallest files that show the check, of the first of `kinds`: `good` gives no fault, `bad` at least one. Absent where they need a resolver. */
  readonly example?: { readonly good: string; readonly bad: string };
  run(file: GithubFile, context: GithubCheckContext): Faults | Promise<Faults>;
}

export type Faults = readonly GithubFault[];

export interface GithubFault {
  /** One sentence without a full stop. */
  readonly message: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  /** Who wants to see it; everybody when absent. */
  readonly persona?: PipelinePersona;
  /** The first is the primary one. */
  readonly places: readonly [Span, ...Span[]];
  /** Parts of the file that are not shown, but where a comment silences it too. */
  readonly around?: readonly Span[];
  readonly job?: string;
  readonly step?: string;
  readonly fix?: Fix;
}

export interface GithubCheckContext {
  /** Expressions of the file, found once for all checks. */
  readonly expressions: ExpressionCache;
  /** The user's settings for this check, as they stand in the configuration; read by the check's own reader, which has accepted them. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Says that an answer was missing, so that the file was not judged in full. */
  readonly cannotTell: (reason: string) => void;
  readonly resolver?: ActionResolver;
  readonly advisories?: ActionAdvisories;
}

export function defineGithubCheck(check: GithubCheck): GithubCheck {
  return check;
}

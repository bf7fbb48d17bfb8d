// SPDX-License-Identifier: Apache-2.0
// Which builder made an artifact on GitHub Actions, and whether it may be believed. The certificate names the workflow that signed; only a
// delegator that is in the table may name another builder in the predicate.
import type { SlsaProvenance } from '../../formats/slsa-provenance.ts';
import type { TrustedBuilder } from './builders.ts';
import { type BuilderId, builderIdOf, findBuilder, isBuilderAskedFor } from './builders.ts';
import type { Failure } from './failure.ts';
import { failure } from './failure.ts';
import type { CertifiedBuild } from './github-build.ts';
import { repositoryOfWorkflow } from './github-build.ts';
import { isReleaseTag } from './version-tag.ts';

export interface BuilderFinding {
  readonly builder: BuilderId;
  /** The row that vouches for it; none for a builder that only the user named. */
  readonly row: TrustedBuilder | undefined;
  /** Whether the signer is apart from the job that ran the build, so that its predicate can be believed. */
  readonly isIsolated: boolean;
  readonly isReleased: boolean;
  readonly failures: readonly Failure[];
}

export interface BuilderQuestion {
  readonly certified: CertifiedBuild;
  readonly provenance: SlsaProvenance;
  readonly asked: string | undefined;
  /** Whether the user said by the certificate who must have signed; a signer that is not in the table is then known. */
  readonly isSignerNamed: boolean;
  readonly table: readonly TrustedBuilder[];
}

const runners = 'https://github.com/actions/runner';

export function findGithubBuilder(question: BuilderQuestion): BuilderFinding {
  const { certified, table } = question;
  const row = findBuilder(certified.workflow, table);
  if (row?.kind === 'delegator') return delegatedBuilder(question, row);
  const isOwn = repositoryOfWorkflow(certified.workflow) === certified.source;
  if (row === undefined && isOwn && isRunnerAskedFor(question.asked)) return runnerBuilder(question);
  return workflowBuilder(question, row);
}

function isRunnerAskedFor(asked: string | undefined): boolean {
  return asked === undefined || builderIdOf(asked).id.startsWith(runners);
}

/** The signer is the builder. */
function workflowBuilder(question: BuilderQuestion, row: TrustedBuilder | undefined): BuilderFinding {
  const { certified, provenance, asked, isSignerNamed } = question;
  const builder = { id: certified.workflow, ref: certified.workflowRef };
  const isKnown = row === undefined && asked === undefined && isSignerNamed;
  // A workflow of the source itself runs from the ref that is checked as the ref of the source.
  const isOwn = repositoryOfWorkflow(certified.workflow) === certified.source;
  const failures = isKnown ? [] : [...checkAsked(builder, row, asked), ...(isOwn ? [] : checkRelease(builder, asked))];
  if (!isSelf(provenance.builderId, certified))
    failures.push(
      failure('BUILDER_CONTRADICTION', 'the predicate names another builder than the certificate', {
        expected: textOf(builder),
        actual: provenance.builderId,
      }),
    );
  return {
    builder,
    // Of a workflow that nobody vouches for, the machine is what can be trusted.
    row: row ?? findBuilder(runnerId(certified) ?? '', question.table),
    isIsolated: row?.kind === 'workflow',
    isReleased: isOwn || isRelease(builder),
    failures,
  };
}

/** Provenance by the action of the service names the signer, or the runner, as the builder. */
function isSelf(stated: string, certified: CertifiedBuild): boolean {
  return stated === `${certified.workflow}@${certified.workflowRef}` || stated === runnerId(certified);
}

function runnerId({ runner }: CertifiedBuild): string | undefined {
  return runner === undefined ? undefined : `${runners}/${runner}`;
}

/** The job of the project itself: what can be trusted is the machine it ran on. */
function runnerBuilder({ certified, provenance, asked, table }: BuilderQuestion): BuilderFinding {
  const id = runnerId(certified) ?? runners;
  const builder = { id, ref: undefined };
  const failures: Failure[] = [];
  const stated = provenance.builderId;
  // The first npm provenance (predicate v0.2) names the runner without saying whose it is.
  const isShort = provenance.version === '0.2' && stated === runners;
  if (!isShort && !isSelf(stated, certified))
    failures.push(
      failure('BUILDER_CONTRADICTION', 'the predicate names another builder than the certificate', {
        expected: id,
        actual: stated,
      }),
    );
  if (asked !== undefined && asked !== id && !(isShort && asked === runners))
    failures.push(failure('BUILDER_MISMATCH', 'another builder made it', { expected: asked, actual: id }));
  return { builder, row: findBuilder(id, table), isIsolated: false, isReleased: true, failures };
}

/** A builder that works behind a delegator: believed because the delegator, which nobody but its makers can change, names it. */
function delegatedBuilder(question: BuilderQuestion, delegator: TrustedBuilder): BuilderFinding {
  const { certified, provenance, asked, table } = question;
  const signer = { id: certified.workflow, ref: certified.workflowRef };
  const builder = builderIdOf(provenance.builderId);
  const row = findBuilder(builder.id, table);
  const failures = [...checkRelease(signer, undefined)];
  if (asked === undefined && row?.kind !== 'delegated')
    failures.push(
      failure('BUILDER_UNTRUSTED', 'nobody vouches for the builder behind the delegator', { actual: textOf(builder) }),
    );
  if (asked !== undefined && !isBuilderAskedFor(builder, asked))
    failures.push(failure('BUILDER_MISMATCH', 'another builder made it', { expected: asked, actual: textOf(builder) }));
  failures.push(...checkRelease(builder, asked));
  return {
    builder,
    row:
      row ?? (asked === undefined ? undefined : { ...delegator, id: builder.id, title: 'Builder named by the user' }),
    isIsolated: true,
    isReleased: isRelease(builder) && isRelease(signer),
    failures,
  };
}

function checkAsked(builder: BuilderId, row: TrustedBuilder | undefined, asked: string | undefined): Failure[] {
  if (asked !== undefined)
    return isBuilderAskedFor(builder, asked)
      ? []
      : [
          failure(row === undefined ? 'BUILDER_UNTRUSTED' : 'BUILDER_MISMATCH', 'another builder made it', {
            expected: asked,
            actual: textOf(builder),
          }),
        ];
  return row === undefined
    ? [
        failure('BUILDER_UNTRUSTED', 'the builder is not in the table, and the source has no workflow of that name', {
          actual: textOf(builder),
        }),
      ]
    : [];
}

/** Only released versions count: a branch can be changed after somebody looked at it. Naming exactly that ref takes the risk knowingly. */
function checkRelease(builder: BuilderId, asked: string | undefined): Failure[] {
  const named = asked === undefined ? undefined : builderIdOf(asked).ref;
  if (isRelease(builder) || (named !== undefined && named === builder.ref)) return [];
  return [
    failure('BUILDER_REF', 'the builder did not run from a released version', {
      expected: `${builder.id}@refs/tags/vX.Y.Z`,
      actual: textOf(builder),
    }),
  ];
}

function isRelease({ ref }: BuilderId): boolean {
  return ref?.startsWith('refs/tags/') === true && isReleaseTag(ref.slice('refs/tags/'.length));
}

export function textOf({ id, ref }: BuilderId): string {
  return ref === undefined ? id : `${id}@${ref}`;
}

// SPDX-License-Identifier: Apache-2.0
// The whole audit of pipelines: reads every system into the common model, runs the common checks, the checks of GitHub's files and the workflow lint, and
// joins what they say. Files are handed in.
import { compileGlob } from '../../formats/glob.ts';
import type { PinLock } from '../../formats/pin-lock.ts';
import type { PipelineFinding, PipelinePersona } from '../../model/pipeline-finding.ts';
import type { Problem } from '../../model/problem.ts';
import { severityRank } from '../../model/severity.ts';
import type { GithubAuditOptions } from './audit-github.ts';
import { auditGithub } from './audit-github.ts';
import { pipelineChecks } from './checks/index.ts';
import type { CiSystem } from './ci-system.ts';
import { fileTree } from './ci-system.ts';
import type { ActionAdvisories, ActionAdvisory } from './github/action-advisories.ts';
import type { ActionResolver } from './github/action-resolver.ts';
import { InlineIgnores } from './inline-ignores.ts';
import { manifestResources } from './manifest-resources.ts';
import { actionSlugOf } from './pinned.ts';
import type { Pipeline, PipelineFile, PipelineSystem } from './pipeline.ts';
import type { PipelineCheck, PipelineCheckContext, PipelineFault } from './pipeline-check.ts';
import { PipelineSet } from './pipeline-set.ts';
import { isSameConcern, mergeConcerns, personaRank } from './same-concern.ts';
import { unsearchedScripts } from './script-length.ts';
import { ciSystems } from './systems/index.ts';
import { lintWorkflows } from './workflow-lint/lint-workflows.ts';

export const pipelineProfiles = ['landwaiter', 'zizmor', 'poutine', 'actionlint'] as const;
export type PipelineProfile = (typeof pipelineProfiles)[number];

export interface PipelineAuditOptions {
  /** Findings of stricter personas are kept apart; `regular` when absent. */
  readonly persona?: PipelinePersona;
  /** Whose checks run: all of ours, or those that stand in for another program. */
  readonly profile?: PipelineProfile;
  readonly advisories?: ActionAdvisories;
  readonly resolver?: ActionResolver;
  readonly verifiedCreators?: ReadonlySet<string>;
  readonly ephemeralRunners?: ReadonlySet<string>;
  /** Commits and digests that names stand for, for fixes. */
  readonly lock?: PinLock;
  /** Only these checks; all when absent. */
  readonly checks?: readonly PipelineCheck[];
}

export interface SuppressedPipelineFinding {
  readonly finding: PipelineFinding;
  readonly by: 'persona' | 'comment' | 'configuration';
}

export interface PipelineAudit {
  /** Worst first, then by place. */
  readonly findings: readonly PipelineFinding[];
  readonly suppressed: readonly SuppressedPipelineFinding[];
  readonly problems: readonly Problem[];
  /** Checks that could not be run, with the reason: that they found nothing means nothing. */
  readonly notLookedAt: readonly { readonly check: string; readonly reason: string }[];
  readonly pipelines: readonly Pipeline[];
  /** Number of pipeline files by system. */
  readonly counts: ReadonlyMap<PipelineSystem, number>;
}

export interface PipelineReading {
  readonly pipelines: readonly Pipeline[];
  readonly problems: readonly Problem[];
}

/** Files that a system starts from. */
export function filesOfSystem(system: CiSystem, files: readonly PipelineFile[]): readonly PipelineFile[] {
  const globs = system.files.map(compileGlob);
  const { marker } = system;
  return files.filter(
    ({ path, text }) => globs.some((matches) => matches(path)) && (marker === undefined || text.includes(marker)),
  );
}

/** Reads all pipelines of a target into the common model. Never throws. */
export function readPipelines(files: readonly PipelineFile[]): PipelineReading {
  const tree = fileTree(files);
  const readings = ciSystems.map((system) => system.parse(filesOfSystem(system, files), tree));
  return {
    pipelines: readings.flatMap(({ pipelines }) => pipelines),
    problems: uniqueProblems(readings.flatMap(({ problems }) => problems)),
  };
}

/** Audits all pipelines among the files. */
export async function auditPipelines(
  files: readonly PipelineFile[],
  options: PipelineAuditOptions = {},
): Promise<PipelineAudit> {
  const { pipelines, problems } = readPipelines(files);
  const tree = fileTree(files);
  const advisories = options.advisories === undefined ? undefined : await advisoriesOf(pipelines, options.advisories);
  const context: PipelineCheckContext = {
    set: new PipelineSet(pipelines),
    files,
    resources: lazily(() => manifestResources(files)),
    textAt: (path) => tree.textAt(path),
    ephemeralRunners: options.ephemeralRunners ?? new Set(),
    ...(advisories === undefined ? {} : { advisoriesOf: (slug, version) => advisories.get(`${slug}@${version}`) }),
    ...(options.lock === undefined ? {} : { lock: options.lock }),
    ...(options.verifiedCreators === undefined ? {} : { verifiedCreators: options.verifiedCreators }),
  };
  const profile = options.profile ?? 'landwaiter';
  const runs = (peer: PipelineProfile): boolean => profile === 'landwaiter' || profile === peer;
  const common = runChecks(pipelines, context, checksOf(options));
  const github = runs('zizmor') ? await auditGithub(files, githubOptions(options)) : undefined;
  const lint = runs('actionlint') ? lintWorkflows(files) : undefined;
  const ignores = new InlineIgnores((path) => tree.textAt(path));
  const silenced = (github?.suppressed ?? []).filter(({ by }) => by !== 'persona');
  const found = [...(github?.findings ?? []), ...(lint?.findings ?? []), ...common.findings];
  const named = found.filter((finding) => ignores.silence(finding));
  // A comment that names one of several findings of one concern means all of them.
  const meant = [...silenced.map(({ finding }) => finding), ...named];
  const isIgnored = (finding: PipelineFinding): boolean =>
    named.includes(finding) || meant.some((other) => isSameConcern(other, finding));
  const ignored = meant.length === 0 ? [] : found.filter((finding) => isIgnored(finding));
  const left = new Set(ignored);
  const merged = mergeConcerns(found.filter((finding) => !left.has(finding)));
  const persona = personaRank[options.persona ?? 'regular'];
  return {
    findings: merged.filter((finding) => personaRank[finding.persona] <= persona).toSorted(bySeverityThenPlace),
    suppressed: [
      ...silenced,
      ...ignored.map((finding) => ({ finding, by: 'comment' as const })),
      ...merged
        .filter((finding) => personaRank[finding.persona] > persona)
        .map((finding) => ({ finding, by: 'persona' as const })),
    ],
    problems: uniqueProblems([
      ...problems,
      ...cutProblems(context.set),
      ...unsearchedScripts(pipelines),
      ...(lint?.problems ?? []),
      ...(github?.problems ?? []),
    ]),
    notLookedAt: [...common.notLookedAt, ...(github?.notLookedAt ?? [])],
    pipelines,
    counts: new Map(
      [...Map.groupBy(pipelines, ({ system }) => system)].map(([system, list]) => [
        system,
        new Set(list.map(({ path }) => path)).size,
      ]),
    ),
  };
}

/** Manifests are read only when a check asks for them. */
function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Of the common checks. */
function checksOf({ profile, checks = pipelineChecks }: PipelineAuditOptions): readonly PipelineCheck[] {
  if (profile === undefined || profile === 'landwaiter') return checks;
  return checks.filter(({ aliases }) => aliases.some((alias) => alias.startsWith(`${profile}/`)));
}

/** All personas: what is left out in the end is decided after findings are joined. */
function githubOptions({ advisories, resolver }: PipelineAuditOptions): GithubAuditOptions {
  return {
    persona: 'auditor',
    ...(advisories === undefined ? {} : { advisories }),
    ...(resolver === undefined ? {} : { resolver }),
  };
}

function runChecks(
  pipelines: readonly Pipeline[],
  context: PipelineCheckContext,
  checks: readonly PipelineCheck[],
): Pick<PipelineAudit, 'findings' | 'notLookedAt'> {
  const findings = new Map<string, PipelineFinding>();
  const notLookedAt: { check: string; reason: string }[] = [];
  for (const check of checks) {
    if (check.needs === 'advisories' && context.advisoriesOf === undefined)
      notLookedAt.push({ check: check.id, reason: 'no advisory database' });
    else if (check.needs === 'verified creators' && context.verifiedCreators === undefined)
      notLookedAt.push({ check: check.id, reason: 'no list of verified creators' });
    else {
      const faults = pipelines
        .filter(({ system }) => check.systems.includes(system))
        .flatMap((pipeline) => check.run(pipeline, context));
      for (const fault of [...faults, ...(check.runOnTarget?.(context) ?? [])]) {
        const finding = findingOf(check, fault);
        const [first] = finding.locations;
        // What several jobs inherit is told once.
        const key = `${check.id} ${first?.path}:${first?.line}:${first?.column} ${isShared(finding) ? '' : finding.message}`;
        if (!findings.has(key)) findings.set(key, finding);
      }
    }
  }
  return { findings: [...findings.values()], notLookedAt };
}

/** The message of a finding on a script says the same for each job that runs it. */
function isShared({ step }: PipelineFinding): boolean {
  return step !== undefined;
}

function findingOf(check: PipelineCheck, fault: PipelineFault): PipelineFinding {
  return {
    kind: 'pipeline',
    id: check.id,
    aliases: check.aliases,
    title: check.title,
    message: fault.message,
    remediation: check.remediation,
    severity: fault.severity ?? check.severity,
    confidence: fault.confidence ?? check.confidence,
    persona: fault.persona ?? check.persona,
    principle: check.principle,
    locations: fault.locations,
    ...(fault.job === undefined || fault.job === '' ? {} : { job: fault.job }),
    ...(fault.step === undefined ? {} : { step: fault.step }),
    ...(fault.fix === undefined ? {} : { fix: fault.fix }),
  };
}

/** Asks once for each action and version. */
async function advisoriesOf(
  pipelines: readonly Pipeline[],
  database: ActionAdvisories,
): Promise<ReadonlyMap<string, readonly ActionAdvisory[]>> {
  const found = new Map<string, readonly ActionAdvisory[]>();
  const uses = pipelines
    .filter(({ system }) => system === 'github-actions')
    .flatMap(({ jobs }) => jobs.flatMap((job) => [job.calls, ...job.steps.map(({ component }) => component)]));
  for (const use of uses) {
    if (use?.version === undefined || use.isLocal || use.kind === 'image') continue;
    const slug = actionSlugOf(use.name);
    const key = `${slug}@${use.version}`;
    if (found.has(key)) continue;
    found.set(key, (await database.advisoriesOf(slug, use.version)) ?? []);
  }
  return found;
}

function cutProblems({ isCut, pipelines: [first] }: PipelineSet): readonly Problem[] {
  if (!isCut || first === undefined) return [];
  const message = 'pipelines call each other in more ways than are looked at; some who can start them may be missing';
  return [{ kind: 'limit', message, location: { path: first.path }, hidesFindings: true }];
}

function uniqueProblems(problems: readonly Problem[]): readonly Problem[] {
  const seen = new Set<string>();
  return problems.filter(({ kind, message, location }) => {
    const key = `${kind} ${location.path}:${location.line} ${message}`;
    return !seen.has(key) && seen.add(key);
  });
}

function bySeverityThenPlace(a: PipelineFinding, b: PipelineFinding): number {
  const [first, second] = [a.locations[0], b.locations[0]];
  return (
    severityRank(a.severity) - severityRank(b.severity) ||
    compareText(first?.path ?? '', second?.path ?? '') ||
    (first?.line ?? 0) - (second?.line ?? 0) ||
    compareText(a.id, b.id)
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

// SPDX-License-Identifier: Apache-2.0
// Runs the checks of GitHub's files over the files of one repository: configuration, comments that silence, personas. Files are handed in.
import type { GithubFile, GithubFileKind } from '../../formats/github-workflow/github-file.ts';
import { githubFileKind, readGithubFile } from '../../formats/github-workflow/github-file.ts';
import { locateSpan } from '../../formats/yaml-tree.ts';
import type { PipelineFinding, PipelinePersona } from '../../model/pipeline-finding.ts';
import type { Problem } from '../../model/problem.ts';
import { severityRank } from '../../model/severity.ts';
import type { ActionAdvisories } from './github/action-advisories.ts';
import type { ActionResolver } from './github/action-resolver.ts';
import type { GithubAuditConfiguration, IgnoredPlace } from './github/configuration.ts';
import { configurationPaths, noConfiguration, parseGithubAuditConfiguration } from './github/configuration.ts';
import { ExpressionCache } from './github/expressions.ts';
import { IgnoreComments } from './github/ignore-comments.ts';
import type { GithubCheck, GithubFault } from './github-check.ts';
import { githubChecks } from './github-checks/index.ts';

export interface GithubSource {
  /** From the root of the repository. */
  readonly path: string;
  readonly text: string;
  /** Where the path does not say it. */
  readonly kind?: GithubFileKind;
}

export interface GithubAuditOptions {
  /** Findings of stricter personas are kept apart; `regular` when absent. */
  readonly persona?: PipelinePersona;
  /** Text of a configuration, which then counts instead of the one among the files; `none`: no configuration at all. */
  readonly configuration?: { readonly path: string; readonly text: string } | 'none';
  readonly resolver?: ActionResolver;
  readonly advisories?: ActionAdvisories;
  /** Only these checks; all when absent. */
  readonly checks?: readonly GithubCheck[];
}

export interface SuppressedFinding {
  readonly finding: PipelineFinding;
  readonly by: 'persona' | 'comment' | 'configuration';
}

export interface GithubAudit {
  readonly findings: readonly PipelineFinding[];
  readonly suppressed: readonly SuppressedFinding[];
  readonly problems: readonly Problem[];
  /** Checks that could not be run, with the reason: that they found nothing means nothing. */
  readonly notLookedAt: readonly { readonly check: string; readonly reason: string }[];
  /** Files that were read as one of GitHub's. */
  readonly files: readonly GithubFile[];
}

/** Audits all files that are GitHub's. A configuration with faults stops the audit: its problems are all that is returned. */
export async function auditGithub(
  files: readonly GithubSource[],
  options: GithubAuditOptions = {},
): Promise<GithubAudit> {
  const configured = configurationOf(files, options);
  if (configured.kind === 'faulty') return refused(configured.problems, options);
  const read: GithubFile[] = [];
  const problems: Problem[] = [];
  for (const source of files) {
    const kind = source.kind ?? githubFileKind(source.path);
    if (kind === undefined) continue;
    const result = readGithubFile(source.text, source.path, kind);
    problems.push(...(result.kind === 'read' ? result.file.problems : result.problems));
    if (result.kind === 'read') read.push(result.file);
  }
  const run = new AuditRun(configured.configuration, options);
  for (const file of read) await run.audit(file);
  return { ...run.finish(), problems, files: read };
}

function refused(problems: readonly Problem[], { checks = githubChecks }: GithubAuditOptions): GithubAudit {
  const reason = `the configuration ${problems[0]?.location.path ?? ''} has faults`;
  const notLookedAt = checks.map(({ id }) => ({ check: id, reason }));
  return { findings: [], suppressed: [], problems, notLookedAt, files: [] };
}

function configurationOf(
  files: readonly GithubSource[],
  options: GithubAuditOptions,
): ReturnType<typeof parseGithubAuditConfiguration> {
  if (options.configuration === 'none') return { kind: 'read', configuration: noConfiguration };
  const text =
    options.configuration ??
    configurationPaths.map((path) => files.find((file) => file.path === path)).find((file) => file !== undefined);
  return text === undefined
    ? { kind: 'read', configuration: noConfiguration }
    : parseGithubAuditConfiguration(text.text, text.path);
}

const personaRanks: Readonly<Record<PipelinePersona, number>> = { regular: 0, pedantic: 1, auditor: 2 };

class AuditRun {
  readonly #configuration: GithubAuditConfiguration;
  readonly #options: GithubAuditOptions;
  readonly #findings: PipelineFinding[] = [];
  readonly #suppressed: SuppressedFinding[] = [];
  readonly #notLookedAt = new Map<string, string>();

  constructor(configuration: GithubAuditConfiguration, options: GithubAuditOptions) {
    this.#configuration = configuration;
    this.#options = options;
  }

  async audit(file: GithubFile): Promise<void> {
    const expressions = new ExpressionCache(file.tree);
    const comments = new IgnoreComments(file.tree);
    for (const check of this.#options.checks ?? githubChecks) {
      if (!check.kinds.includes(file.kind) || !this.#isRun(check)) continue;
      const { resolver, advisories } = this.#options;
      const faults = await check.run(file, {
        expressions,
        settings: this.#configuration.rules.get(check.id)?.settings ?? {},
        cannotTell: (reason) => this.#notLookedAt.set(check.id, reason),
        ...(resolver === undefined ? {} : { resolver }),
        ...(advisories === undefined ? {} : { advisories }),
      });
      for (const fault of faults) this.#keep(file, { check, fault }, comments);
    }
  }

  finish(): Pick<GithubAudit, 'findings' | 'suppressed' | 'notLookedAt'> {
    return {
      findings: this.#findings.sort(bySeverityThenPlace),
      suppressed: this.#suppressed,
      notLookedAt: [...this.#notLookedAt].map(([check, reason]) => ({ check, reason })),
    };
  }

  #isRun(check: GithubCheck): boolean {
    if (this.#configuration.rules.get(check.id)?.disabled === true) return false;
    if (check.needs === 'resolver' && this.#options.resolver === undefined) {
      this.#notLookedAt.set(check.id, 'nobody to ask about repositories of actions (offline)');
      return false;
    }
    if (check.needs === 'advisories' && this.#options.advisories === undefined) {
      this.#notLookedAt.set(check.id, 'no advisory database');
      return false;
    }
    return true;
  }

  #keep(file: GithubFile, found: { check: GithubCheck; fault: GithubFault }, comments: IgnoreComments): void {
    const finding = this.#findingOf(file, found);
    const rule = this.#configuration.rules.get(found.check.id);
    const { fault } = found;
    if (personaRanks[finding.persona] > personaRanks[this.#options.persona ?? 'regular'])
      this.#suppressed.push({ finding, by: 'persona' });
    else if (comments.silence(found.check.id, [...fault.places, ...(fault.around ?? [])]))
      this.#suppressed.push({ finding, by: 'comment' });
    else if (rule?.ignores.some((place) => isIgnored(place, finding)) === true)
      this.#suppressed.push({ finding, by: 'configuration' });
    else this.#findings.push(finding);
  }

  #findingOf(file: GithubFile, { check, fault }: { check: GithubCheck; fault: GithubFault }): PipelineFinding {
    return {
      kind: 'pipeline',
      id: check.id,
      aliases: check.aliases,
      title: check.title,
      message: fault.message,
      remediation: check.remediation,
      severity: this.#configuration.rules.get(check.id)?.severity ?? fault.severity,
      confidence: fault.confidence,
      persona: fault.persona ?? 'regular',
      principle: check.principle,
      locations: fault.places.map((place) => locateSpan(file.tree, place)),
      ...(fault.job === undefined ? {} : { job: fault.job }),
      ...(fault.step === undefined ? {} : { step: fault.step }),
      ...(fault.fix === undefined ? {} : { fix: fault.fix }),
    };
  }
}

function isIgnored(place: IgnoredPlace, finding: PipelineFinding): boolean {
  return finding.locations.some(({ path, line, column, endLine }) => {
    if (path.slice(path.lastIndexOf('/') + 1) !== place.file) return false;
    if (place.line === undefined) return true;
    if (line === undefined || place.line < line || place.line > (endLine ?? line)) return false;
    return place.column === undefined || (place.line === line && place.column === column);
  });
}

function bySeverityThenPlace(first: PipelineFinding, second: PipelineFinding): number {
  const [a, b] = [first.locations[0], second.locations[0]];
  return (
    severityRank(first.severity) - severityRank(second.severity) ||
    compareText(a?.path ?? '', b?.path ?? '') ||
    (a?.line ?? 0) - (b?.line ?? 0) ||
    (a?.column ?? 0) - (b?.column ?? 0) ||
    compareText(first.id, second.id)
  );
}

function compareText(first: string, second: string): number {
  return first < second ? -1 : first > second ? 1 : 0;
}

// SPDX-License-Identifier: Apache-2.0
// What manifest-file-scanner.ts collected, judged: all checks of configuration stand here, so that they are loaded only when there is something to judge.
import { checkCompose } from '../../evidence/misconfiguration/check-compose.ts';
import { checkDockerfile } from '../../evidence/misconfiguration/check-dockerfile.ts';
import { checkManifests } from '../../evidence/misconfiguration/check-manifests.ts';
import { manifestChecks } from '../../evidence/misconfiguration/checks/index.ts';
import { composeChecks } from '../../evidence/misconfiguration/compose-checks/index.ts';
import { dockerfileChecks } from '../../evidence/misconfiguration/dockerfile-checks/index.ts';
import type { ManifestProfile } from '../../evidence/misconfiguration/manifest-check.ts';
import type { SecretsFinding } from '../../evidence/misconfiguration/secrets-management/audit.ts';
import { auditSecretsManagement } from '../../evidence/misconfiguration/secrets-management/audit.ts';
import type { RepositoryFile } from '../../evidence/misconfiguration/secrets-management/plain-files.ts';
import type { KubernetesResource } from '../../formats/kubernetes-yaml/resources.ts';
import type { Decision } from '../../model/decision.ts';
import type { Problem } from '../../model/problem.ts';
import type { ScannerDecision } from './file-scanner.ts';
import { withoutSubject } from './file-scanner.ts';

export interface CollectedManifests {
  readonly resources: readonly KubernetesResource[];
  /** Texts of the files they stand in. */
  readonly texts: ReadonlyMap<string, string>;
  readonly dockerfiles: readonly RepositoryFile[];
  readonly composeFiles: readonly RepositoryFile[];
  /** Values of charts, variables and the like. */
  readonly others: readonly RepositoryFile[];
}

export interface JudgedManifests {
  readonly decisions: readonly ScannerDecision[];
  readonly problems: readonly Problem[];
  readonly rules: number;
}

export function judgeManifests(
  { resources, texts, dockerfiles, composeFiles, others }: CollectedManifests,
  { profile, today }: { readonly profile: ManifestProfile; readonly today: string },
): JudgedManifests {
  const base = { subject: '', evidence: [], today };
  const docker = dockerfiles.flatMap((file) => checkDockerfile(file, { ...base, checks: dockerfileChecks }));
  const compose = composeFiles.map((file) => checkCompose(file, { ...base, checks: composeChecks }));
  const objects = checkManifests(resources, { ...base, checks: manifestChecks, profile, texts });
  const judged = onePerCheck([...docker, ...compose.flatMap(({ decisions }) => decisions), ...objects]);
  const managed = auditSecretsManagement(resources, [...dockerfiles, ...others]);
  return {
    decisions: [...judged.map(withoutSubject), ...withoutDoubles(managed.findings, judged).map(secretDecision)],
    problems: compose.flatMap(({ problems }) => problems),
    rules: manifestChecks.length + dockerfileChecks.length + composeChecks.length,
  };
}

/** A check that found nothing in each of a hundred Dockerfiles has passed once. */
function onePerCheck(decisions: readonly Decision[]): readonly Decision[] {
  const isQuiet = ({ outcome }: Decision): boolean => outcome === 'pass' || outcome === 'skip';
  const told = new Set(decisions.filter((decision) => !isQuiet(decision)).map(({ rule }) => rule));
  return decisions.filter((decision) => {
    if (!isQuiet(decision)) return true;
    if (told.has(decision.rule)) return false;
    told.add(decision.rule);
    return true;
  });
}

/** Checks that look for the same as the audit of secrets does; what they told of in a line is not told of again. */
const secretChecks: ReadonlySet<string> = new Set([
  'misconfiguration/credential-in-environment',
  'misconfiguration/secret-in-build',
  'misconfiguration/config-map-secret',
]);

function withoutDoubles(findings: readonly SecretsFinding[], judged: readonly Decision[]): readonly SecretsFinding[] {
  const told = new Set(
    judged
      .filter(({ outcome, rule }) => outcome === 'fail' && secretChecks.has(rule))
      .flatMap(({ locations }) => locations.map(({ path, line }) => `${path}:${line ?? 0}`)),
  );
  return findings.filter(({ location }) => !told.has(`${location.path}:${location.line ?? 0}`));
}

function secretDecision({ finding, location }: SecretsFinding): ScannerDecision {
  const { id, severity, message } = finding;
  return { rule: `misconfiguration/${id}`, outcome: 'fail', severity, message, locations: [location], finding };
}

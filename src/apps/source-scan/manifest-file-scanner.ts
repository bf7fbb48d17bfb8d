// SPDX-License-Identifier: Apache-2.0
// Configuration among the files of a target: Kubernetes objects (judged together: what a Service selects stands in another file), Dockerfiles, Compose
// files, and how secrets are managed in all of them.
import { checkCompose, isComposeFile } from '../../evidence/misconfiguration/check-compose.ts';
import { checkDockerfile } from '../../evidence/misconfiguration/check-dockerfile.ts';
import { checkManifests } from '../../evidence/misconfiguration/check-manifests.ts';
import { manifestChecks } from '../../evidence/misconfiguration/checks/index.ts';
import { composeChecks } from '../../evidence/misconfiguration/compose-checks/index.ts';
import { dockerfileChecks } from '../../evidence/misconfiguration/dockerfile-checks/index.ts';
import type { ManifestProfile } from '../../evidence/misconfiguration/manifest-check.ts';
import type { SecretsFinding } from '../../evidence/misconfiguration/secrets-management/audit.ts';
import { auditSecretsManagement } from '../../evidence/misconfiguration/secrets-management/audit.ts';
import type { RepositoryFile } from '../../evidence/misconfiguration/secrets-management/plain-files.ts';
import { parseKubernetesYaml } from '../../formats/kubernetes-yaml/documents.ts';
import type { KubernetesResource } from '../../formats/kubernetes-yaml/resources.ts';
import { resourcesOf } from '../../formats/kubernetes-yaml/resources.ts';
import { decodeText } from '../../formats/text.ts';
import type { Decision } from '../../model/decision.ts';
import type { Problem } from '../../model/problem.ts';
import type { FileScanner, ScannerDecision } from './file-scanner.ts';
import { pathsOf, withoutSubject } from './file-scanner.ts';

export interface ManifestScannerOptions {
  readonly profile: ManifestProfile;
  /** `2026-07-01` */
  readonly today: string;
}

const dockerfileName = /^(?:[\w.-]{1,100}\.)?(?:Dockerfile|Containerfile)(?:\.[\w.-]{1,100})?$/i;
const otherNames = /\.(?:ya?ml|json|tfvars)$|^(?:[\w.-]{1,100}\.)?kubeconfig$/i;

function isWanted(name: string): boolean {
  return otherNames.test(name) || (dockerfileName.test(name) && !/\.dockerignore$/i.test(name));
}

export function manifestFileScanner({ profile, today }: ManifestScannerOptions): FileScanner {
  const resources: KubernetesResource[] = [];
  const texts = new Map<string, string>();
  const files: RepositoryFile[] = [];
  const decisions: Decision[] = [];
  const problems: Problem[] = [];
  const base = { subject: '', evidence: [], today };
  return {
    name: 'misconfig',
    rulesDigest: profile,
    mayWant: (_folder, name) => isWanted(name),
    wants: (path) => isWanted(nameOf(path)) && !/(?:^|\/)node_modules\//.test(path),
    take: ({ path, bytes }) => {
      const { text, problems: encoding } = decodeText(bytes, path);
      const name = nameOf(path);
      if (dockerfileName.test(name)) {
        decisions.push(...checkDockerfile({ path, text }, { ...base, checks: dockerfileChecks }));
        files.push({ path, text });
        return;
      }
      if (isComposeFile(path)) {
        const checked = checkCompose({ path, text }, { ...base, checks: composeChecks });
        decisions.push(...checked.decisions);
        problems.push(...checked.problems);
      }
      if (mayHoldObjects(text)) {
        const read = parseKubernetesYaml(text, path);
        const found = resourcesOf(read).resources;
        resources.push(...found);
        if (found.length > 0) texts.set(path, text);
        // Templates of other programs have the words too; only what holds objects besides is a manifest that is broken.
        if (found.length > 0) problems.push(...encoding, ...read.flatMap((document) => document.problems));
      } else if (isOfInterestToSecrets(path)) files.push({ path, text });
    },
    finish: () => {
      const checked = checkManifests(resources, { ...base, checks: manifestChecks, profile, texts });
      const managed = auditSecretsManagement(resources, files);
      const judged = onePerCheck([...decisions, ...checked]);
      const all = [...judged.map(withoutSubject), ...withoutDoubles(managed.findings, judged).map(secretDecision)];
      const failed = all.filter(({ outcome }) => outcome === 'fail');
      return Promise.resolve({
        decisions: all,
        problems,
        notable: new Set([...texts.keys(), ...files.map(({ path }) => path), ...pathsOf(failed)]),
        fact: {
          scanner: 'misconfig',
          looked: resources.length + files.length,
          rules: manifestChecks.length + dockerfileChecks.length + composeChecks.length,
          findings: failed.map(({ finding, locations }) => ({
            id: finding?.kind === 'misconfiguration' ? finding.id : '',
            locations,
          })),
        },
      });
    },
  };
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Cheap, and true for everything that kubectl would take. */
function mayHoldObjects(text: string): boolean {
  return text.includes('apiVersion') && text.includes('kind');
}

/** Values of charts, pipelines, variables, kubeconfigs: what the audit of secrets reads beside objects. */
function isOfInterestToSecrets(path: string): boolean {
  const name = nameOf(path);
  return (
    /^values|^Chart\.yaml$|\.tfvars$|kubeconfig|gitlab-ci|azure-pipelines|pipelines\.ya?ml$|drone/.test(name) ||
    /(?:^|\/)\.(?:github\/workflows|circleci)\//.test(path)
  );
}

/** A check that found nothing in each of a hundred Dockerfiles has passed once. */
function onePerCheck(decisions: readonly Decision[]): readonly Decision[] {
  const failed = new Set(
    decisions.filter(({ outcome }) => outcome !== 'pass' && outcome !== 'skip').map(({ rule }) => rule),
  );
  const told = new Set<string>();
  return decisions.filter(({ outcome, rule }) => {
    if (outcome !== 'pass' && outcome !== 'skip') return true;
    if (failed.has(rule) || told.has(rule)) return false;
    told.add(rule);
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

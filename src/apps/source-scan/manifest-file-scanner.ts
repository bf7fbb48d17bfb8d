// SPDX-License-Identifier: Apache-2.0
// Configuration among the files of a target: Kubernetes objects, charts and kustomizations, Dockerfiles, Compose files, and what the audit of secrets reads.
// Files are kept while the target is walked and judged together at the end: what a Service selects stands in another file.
import { isDockerfile } from '../../evidence/misconfiguration/file-names.ts';
import type { ManifestProfile } from '../../evidence/misconfiguration/manifest-check.ts';
import type { RepositoryFile } from '../../evidence/misconfiguration/secrets-management/plain-files.ts';
import { decodeText } from '../../formats/text.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { Problem } from '../../model/problem.ts';
import type { ConfigurationFile } from '../misconfiguration/manifest-selection.ts';
import type { FileScan, FileScanner } from './file-scanner.ts';
import { pathsOf, withoutSubject } from './file-scanner.ts';

export interface ManifestScannerOptions {
  readonly profile: ManifestProfile;
  /** Of KubeLinter or Polaris, for their profiles. */
  readonly configuration?: ConfigurationFile | undefined;
  /** `2026-07-01` */
  readonly today: string;
}

const otherNames = /\.(?:ya?ml|json|tfvars|tpl)$|^kustomization$|^(?:[\w.-]{1,100}\.)?kubeconfig$/i;

export function manifestFileScanner(options: ManifestScannerOptions): FileScanner {
  const files: RepositoryFile[] = [];
  const problems: Problem[] = [];
  let kept = 0;
  return {
    name: 'misconfig',
    rulesDigest: JSON.stringify([options.profile, options.configuration?.text ?? '']),
    mayWant: (_folder, name) => isWanted(name),
    wants: (path) => isWanted(nameOf(path)) && !/(?:^|\/)node_modules\//.test(path),
    take: ({ path, bytes }) => {
      const { text, problems: encoding } = decodeText(bytes, path);
      if (!isOfUse(path, text)) return;
      kept += bytes.length;
      if (kept > defaultLimits.companionBytes) {
        const message = 'more manifests than are kept for the checks of configuration; this file was not looked at';
        problems.push({ kind: 'limit', message, location: { path }, hidesFindings: true });
        return;
      }
      problems.push(...encoding);
      files.push({ path, text });
    },
    finish: async (): Promise<FileScan> => {
      const looked = files.length;
      if (looked === 0)
        return {
          decisions: [],
          problems,
          notable: new Set(),
          fact: { scanner: 'misconfig', looked, rules: 0, findings: [] },
        };
      const [{ checkConfiguration }, { selectManifestChecks }] = await Promise.all([
        import('../../evidence/misconfiguration/check-configuration.ts'),
        import('../misconfiguration/manifest-selection.ts'),
      ]);
      const selection = selectManifestChecks(options.profile, options.configuration);
      const { decisions, problems: found } = checkConfiguration(files, {
        subject: '',
        evidence: [],
        today: options.today,
        profile: options.profile,
        checks: selection.checks,
        annotations: selection.annotations,
      });
      const failed = decisions.filter(({ outcome }) => outcome === 'fail');
      return {
        decisions: decisions.map(withoutSubject),
        problems: [...problems, ...selection.problems, ...found],
        notable: new Set([...files.map(({ path }) => path), ...pathsOf(failed)]),
        fact: {
          scanner: 'misconfig',
          looked,
          rules: selection.checks.length,
          findings: failed.map(({ finding, locations }) => ({
            id: finding?.kind === 'misconfiguration' ? finding.id : '',
            locations,
          })),
        },
      };
    },
  };
}

function isWanted(name: string): boolean {
  return otherNames.test(name) || isDockerfile(name);
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Whether a file can have a part in what is judged; most JSON and much YAML has none. */
function isOfUse(path: string, text: string): boolean {
  const name = nameOf(path);
  if (isDockerfile(name) || !/\.(?:ya?ml|json)$/i.test(name)) return true;
  if (text.includes('apiVersion') && text.includes('kind')) return true;
  if (/\.json$/i.test(name)) return false;
  return (
    // Values and templates of charts, patches and generators of kustomizations, Compose files, pipelines.
    /^(?:values|Chart|kustomization|(?:docker-)?compose)|patch|gitlab-ci|pipelines\.ya?ml$|drone/i.test(name) ||
    /(?:^|\/)(?:templates|charts|overlays|base|components|\.github\/workflows|\.circleci)\//.test(path) ||
    /^(?:resources|patches|services|sops)\s{0,8}:|^-\s{0,8}op\s{0,8}:/m.test(text)
  );
}

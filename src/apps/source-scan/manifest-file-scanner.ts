// SPDX-License-Identifier: Apache-2.0
// Configuration among the files of a target: Kubernetes objects, charts and kustomizations, Dockerfiles, Compose files, and what the audit of secrets reads.
// Files are kept while the target is walked and judged together at the end: what a Service selects stands in another file.
import type { FileNames } from '../../evidence/misconfiguration/file-names.ts';
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
  /** Of Trivy, for its profile; left out when absent. */
  readonly deprecatedChecks?: 'left out' | 'included';
  readonly names: FileNames;
  /** `2026-07-01` */
  readonly today: string;
}

const otherNames = /\.(?:tfvars|tpl)$|^kustomization$|^(?:[\w.-]{1,100}\.)?kubeconfig$/i;

export function manifestFileScanner(options: ManifestScannerOptions): FileScanner {
  const { names } = options;
  const files: RepositoryFile[] = [];
  const problems: Problem[] = [];
  let kept = 0;
  return {
    name: 'misconfig',
    rulesDigest: JSON.stringify([
      options.profile,
      options.configuration?.text ?? '',
      options.deprecatedChecks,
      names.added,
    ]),
    // The expressions of a user see whole paths, the usual names do without their folders.
    mayWant: (folder, name) => isWanted(names.added.length === 0 || folder === '' ? name : `${folder}/${name}`, names),
    wants: (path) => isWanted(path, names) && !/(?:^|\/)node_modules\//.test(path),
    take: ({ path, bytes }) => {
      const { text, problems: encoding } = decodeText(bytes, path);
      if (!isOfUse({ path, text }, names)) return;
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
      const selection = selectManifestChecks(options.profile, options.configuration, options.deprecatedChecks);
      const { decisions, problems: found } = checkConfiguration(files, {
        subject: '',
        evidence: [],
        today: options.today,
        profile: options.profile,
        checks: selection.checks,
        annotations: selection.annotations,
        names,
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

function isWanted(path: string, names: FileNames): boolean {
  return (
    names.isManifest(path) || names.isDockerfile(path) || otherNames.test(nameOf(path)) || names.isComposeFile(path)
  );
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Whether a file can have a part in what is judged; most JSON and much YAML has none. */
function isOfUse({ path, text }: RepositoryFile, names: FileNames): boolean {
  const name = nameOf(path);
  if (names.isDockerfile(path) || names.isComposeFile(path) || !/\.(?:ya?ml|json)$/i.test(name)) return true;
  if (text.includes('apiVersion') && text.includes('kind')) return true;
  if (/\.json$/i.test(name)) return false;
  return (
    // Values and templates of charts, patches and generators of kustomizations, Compose files, pipelines.
    /^(?:values|Chart|kustomization|(?:docker-)?compose)|patch|gitlab-ci|pipelines\.ya?ml$|drone/i.test(name) ||
    /(?:^|\/)(?:templates|charts|overlays|base|components|\.github\/workflows|\.circleci)\//.test(path) ||
    /^(?:resources|patches|services|sops)\s{0,8}:|^-\s{0,8}op\s{0,8}:/m.test(text)
  );
}

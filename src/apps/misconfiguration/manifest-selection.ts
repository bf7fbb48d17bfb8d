// SPDX-License-Identifier: Apache-2.0
// Which checks of manifests run: those of a profile, or those that a configuration of KubeLinter or Polaris asks for, with what they need from other
// areas of the program.
import { manifestChecks } from '../../evidence/misconfiguration/checks/index.ts';
import { kubeLinterChecks } from '../../evidence/misconfiguration/kube-linter/configured-checks.ts';
import type { ManifestCheck, ManifestProfile } from '../../evidence/misconfiguration/manifest-check.ts';
import { polarisChecks } from '../../evidence/misconfiguration/polaris/configured-checks.ts';
import { emptyKubeLinterConfig, parseKubeLinterConfig } from '../../formats/kube-linter-config.ts';
import { emptyPolarisConfig, parsePolarisConfig } from '../../formats/polaris-config.ts';
import type { Problem } from '../../model/problem.ts';
import { kubeLinterServices } from './kube-linter-services.ts';

export interface ConfigurationFile {
  readonly path: string;
  readonly text: string;
}

/** What `checkManifests` is given. */
export interface ManifestSelection {
  readonly profile: ManifestProfile;
  readonly checks: readonly ManifestCheck[];
  /** Exemptions that objects give themselves by annotations. */
  readonly annotations: 'honoured' | 'ignored';
  /** Globs of files that are not to be looked at. */
  readonly ignorePaths: readonly string[];
  /** Of the configuration; a check that was asked for and cannot run hides findings. */
  readonly problems: readonly Problem[];
}

/** Names under which KubeLinter looks for its configuration. */
export const kubeLinterConfigNames: readonly string[] = ['.kube-linter.yaml', '.kube-linter.yml'];

export function selectManifestChecks(
  profile: ManifestProfile,
  configuration?: ConfigurationFile,
  deprecated: 'left out' | 'included' = 'left out',
): ManifestSelection {
  const path = configuration?.path ?? '';
  if (profile === 'kube-linter') {
    const config =
      configuration === undefined ? emptyKubeLinterConfig : parseKubeLinterConfig(configuration.text, path);
    const selected = kubeLinterChecks(config, { known: manifestChecks, services: kubeLinterServices, path });
    const problems = [...config.problems, ...selected.problems];
    return { profile, checks: selected.checks, annotations: 'honoured', ignorePaths: config.ignorePaths, problems };
  }
  if (profile === 'polaris') {
    const config = configuration === undefined ? emptyPolarisConfig : parsePolarisConfig(configuration.text, path);
    const selected = polarisChecks(config, { known: manifestChecks, path });
    const annotations = config.disallowAnnotationExemptions ? 'ignored' : 'honoured';
    const problems = [...config.problems, ...selected.problems];
    return { profile, checks: selected.checks, annotations, ignorePaths: [], problems };
  }
  const checks = manifestChecks.filter(
    (check) => check.profiles.includes(profile) && (deprecated === 'included' || check.deprecated !== true),
  );
  return { profile, checks, annotations: 'honoured', ignorePaths: [], problems: [] };
}

// SPDX-License-Identifier: Apache-2.0
// All checks of configuration over the files of a tree: which file is what, which manifests belong together, every check once, the audit of secrets.
// Pure: files are handed in with their texts. Not here: walking the tree, rendering with other programs.

import { chartFolders, isTemplate, readChart } from '../../formats/helm/chart.ts';
import { parseKubernetesYaml } from '../../formats/kubernetes-yaml/documents.ts';
import type { KubernetesResource } from '../../formats/kubernetes-yaml/resources.ts';
import { resourcesOf } from '../../formats/kubernetes-yaml/resources.ts';
import { buildKustomization, kustomizationNames, kustomizationRoots } from '../../formats/kustomize/build.ts';
import type { Decision } from '../../model/decision.ts';
import type { Problem } from '../../model/problem.ts';
import { checkCompose } from './check-compose.ts';
import { checkDockerfile } from './check-dockerfile.ts';
import type { CheckParameters } from './check-manifests.ts';
import { checkManifests } from './check-manifests.ts';
import { manifestChecks } from './checks/index.ts';
import { composeChecks } from './compose-checks/index.ts';
import { dockerfileChecks } from './dockerfile-checks/index.ts';
import type { FileNames } from './file-names.ts';
import { usualFileNames } from './file-names.ts';
import type { ManifestCheck, ManifestProfile } from './manifest-check.ts';
import type { NamespaceAdoption, SecretsFinding } from './secrets-management/audit.ts';
import { auditSecretsManagement } from './secrets-management/audit.ts';
import type { RepositoryFile } from './secrets-management/plain-files.ts';

export interface ConfigurationOptions {
  readonly subject: string;
  readonly evidence: readonly string[];
  readonly profile?: ManifestProfile;
  /** Checks of Kubernetes objects, where others than those of the profile shall run (configurations of other programs). */
  readonly checks?: readonly ManifestCheck[];
  /** Whether objects may exempt themselves by annotations; `honoured` when absent. */
  readonly annotations?: 'honoured' | 'ignored';
  readonly parameters?: CheckParameters;
  /** Day of the run, `2026-07-01`, for exemptions that expire. */
  readonly today?: string;
  /** Which file is what; `usualFileNames` when absent. */
  readonly names?: FileNames;
  /** Objects that a program rendered from a folder (a chart, a kustomization); the folder is then not read here. */
  readonly rendered?: ReadonlyMap<string, readonly KubernetesResource[]>;
}

export interface ConfigurationChecking {
  /** Failed ones, and for every check without any one that passed or had nothing to look at. */
  readonly decisions: readonly Decision[];
  readonly problems: readonly Problem[];
  /** How far each namespace is with managing its secrets. */
  readonly adoption: readonly NamespaceAdoption[];
  /** Secrets that stand readable, with the next step; also those that a check found already. */
  readonly secrets: readonly SecretsFinding[];
  /** Counts of what was looked at. */
  readonly seen: {
    readonly objects: number;
    readonly dockerfiles: number;
    readonly composeFiles: number;
    readonly charts: number;
    readonly kustomizations: number;
  };
}

/** true for files that this module wants to be handed in: everything else is passed over. */
export function isConfigurationFile(path: string, names: FileNames = usualFileNames): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return (
    /\.(?:ya?ml|json|tfvars|tpl)$/i.test(name) ||
    names.isDockerfile(path) ||
    kustomizationNames.includes(name) ||
    /^(?:kubeconfig|[\w.-]{1,100}\.kubeconfig)$/.test(name) ||
    names.isComposeFile(path) ||
    names.isManifest(path)
  );
}

export function checkConfiguration(
  files: readonly RepositoryFile[],
  options: ConfigurationOptions,
): ConfigurationChecking {
  const { subject, evidence, today, names = usualFileNames } = options;
  const plain = { subject, evidence, ...(today === undefined ? {} : { today }) };
  const problems: Problem[] = [];
  const dockerfiles = files.filter(({ path }) => names.isDockerfile(path));
  const composeFiles = files.filter(({ path }) => names.isComposeFile(path));
  const sets = manifestSetsOf(files, { rendered: options.rendered ?? new Map(), names }, problems);
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  const decisions: Decision[] = dockerfiles.flatMap((file) =>
    checkDockerfile(file, { ...plain, checks: dockerfileChecks }),
  );
  for (const file of composeFiles) {
    const checking = checkCompose(file, { ...plain, checks: composeChecks });
    append(decisions, checking.decisions);
    append(problems, checking.problems);
  }
  for (const { resources, isTemplated } of sets.list) {
    const { profile, parameters, annotations } = options;
    const checks = options.checks ?? manifestChecks;
    const found = checkManifests(resources, {
      ...plain,
      checks: isTemplated ? checks.filter(({ id }) => id !== ofNamespaces) : checks,
      ...(annotations === undefined ? {} : { annotations }),
      ...(profile === undefined ? {} : { profile }),
      ...(parameters === undefined ? {} : { parameters }),
      texts,
    });
    append(decisions, isTemplated ? found.map(withoutFix) : found);
  }
  const resources = sets.list.flatMap((set) => set.resources);
  const audit = auditSecretsManagement(resources, files, names);
  const known = new Set(decisions.flatMap((decision) => (decision.outcome === 'fail' ? secretPlaces(decision) : [])));
  const secrets = audit.findings
    .filter(({ location }) => !known.has(`${location.path}:${location.line ?? 0}`))
    .map((finding) => secretDecision(finding, options));
  return {
    decisions: once([...decisions, ...secrets]),
    problems,
    adoption: audit.adoption,
    secrets: audit.findings,
    seen: {
      objects: resources.length,
      dockerfiles: dockerfiles.length,
      composeFiles: composeFiles.length,
      charts: sets.charts,
      kustomizations: sets.kustomizations,
    },
  };
}

/** The namespace of a chart is chosen when it is installed. */
const ofNamespaces = 'default-namespace';

/** A fix is made for what a template gives; the template itself is another text. */
function withoutFix(decision: Decision): Decision {
  const { finding } = decision;
  if (finding?.kind !== 'misconfiguration' || finding.fix === undefined) return decision;
  const { fix: _, ...rest } = finding;
  return { ...decision, finding: rest };
}

interface ManifestSets {
  readonly list: readonly { readonly resources: readonly KubernetesResource[]; readonly isTemplated: boolean }[];
  readonly charts: number;
  readonly kustomizations: number;
}

/** Each chart, each kustomization that nobody builds on, and all other manifests together. */
function manifestSetsOf(
  files: readonly RepositoryFile[],
  { rendered, names }: Required<Pick<ConfigurationOptions, 'rendered' | 'names'>>,
  problems: Problem[],
): ManifestSets {
  const byPath = new Map(files.map(({ path, text }) => [path, text]));
  const reader = { read: (path: string) => byPath.get(path) };
  const paths = [...byPath.keys()];
  const used = new Set<string>();
  const list: { resources: readonly KubernetesResource[]; isTemplated: boolean }[] = [];
  const charts = chartFolders(paths);
  for (const folder of charts) {
    const prefix = folder === '' ? '' : `${folder}/`;
    for (const path of paths) if (path.startsWith(`${prefix}templates/`)) used.add(path);
    used.add(`${prefix}Chart.yaml`);
    const own = rendered.get(folder);
    const reading = own === undefined ? readChart(folder, files) : { resources: own, problems: [] };
    append(problems, reading.problems);
    list.push({ resources: reading.resources, isTemplated: true });
  }
  const roots = kustomizationRoots(paths, reader);
  for (const folder of roots) {
    const build = buildKustomization(folder, reader);
    for (const path of build.files) used.add(path);
    const own = rendered.get(folder);
    if (own === undefined) append(problems, build.problems);
    list.push({ resources: own ?? build.resources, isTemplated: false });
  }
  list.push({
    resources: plainManifests(
      files.filter(({ path }) => !used.has(path) && names.isManifest(path)),
      problems,
    ),
    isTemplated: false,
  });
  return { list, charts: charts.length, kustomizations: roots.length };
}

function plainManifests(files: readonly RepositoryFile[], problems: Problem[]): readonly KubernetesResource[] {
  return files.flatMap(({ path, text }) => {
    if (!/(?:^|[\s"'{,-])apiVersion["']?\s{0,8}:/.test(text) || !/(?:^|[\s"'{,-])kind["']?\s{0,8}:/.test(text))
      return [];
    // A folder `templates` without a chart may hold plain manifests, or templates of something that is not here.
    if (isTemplate(path) && text.includes('{{')) {
      const message = 'a template without its chart; it was not looked at';
      problems.push({ kind: 'unsupported', message, location: { path }, hidesFindings: true });
      return [];
    }
    const documents = parseKubernetesYaml(text, path);
    for (const document of documents) append(problems, document.problems);
    const read = resourcesOf(documents);
    append(problems, read.problems);
    return read.resources;
  });
}

const secretChecks = new Set(['config-map-secret', 'credential-in-environment', 'secret-in-build', 'compose-secret']);

function secretPlaces({ finding, locations }: Decision): readonly string[] {
  if (finding?.kind !== 'misconfiguration' || !secretChecks.has(finding.id)) return [];
  return locations.map(({ path, line }) => `${path}:${line ?? 0}`);
}

function secretDecision({ finding, location }: SecretsFinding, { subject, evidence }: ConfigurationOptions): Decision {
  return {
    rule: `misconfiguration/${finding.id}`,
    subject,
    outcome: 'fail',
    severity: finding.severity,
    message: finding.message,
    locations: [location],
    evidence,
    finding,
  };
}

/** Each fault at a place once (two overlays share their base), and of checks without faults one decision. */
function once(decisions: readonly Decision[]): readonly Decision[] {
  const byRule = Map.groupBy(decisions, ({ rule }) => rule);
  return [...byRule.values()].flatMap((all) => {
    const found = all.filter(({ outcome }) => outcome !== 'pass' && outcome !== 'skip');
    if (found.length > 0) return unique(found);
    const best = all.find(({ outcome }) => outcome === 'pass') ?? all[0];
    return best === undefined ? [] : [best];
  });
}

function unique(decisions: readonly Decision[]): readonly Decision[] {
  const known = new Set<string>();
  return decisions.filter(({ message, locations }) => {
    const [place] = locations;
    const key = `${place?.path ?? ''}:${place?.line ?? 0}:${place?.column ?? 0} ${message}`;
    if (known.has(key)) return false;
    known.add(key);
    return true;
  });
}

/** Without handing all of them over as arguments, of which there may be too many. */
function append<T>(list: T[], more: readonly T[]): void {
  for (const item of more) list.push(item);
}

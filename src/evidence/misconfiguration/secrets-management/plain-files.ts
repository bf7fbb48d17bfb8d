// SPDX-License-Identifier: Apache-2.0
// Secrets that stand readable in files that are no Kubernetes objects: values of Helm charts, Dockerfiles, pipelines, kubeconfigs, variables of
// Terraform. Only files with such names are read.

import { assignmentsOf, readDockerfile } from '../../../formats/dockerfile-stages.ts';
import type { Document, DocumentPath } from '../../../formats/document.ts';
import { asArray, asObject, asString } from '../../../formats/document.ts';
import { parseYamlDocument } from '../../../formats/yaml.ts';
import type { FileNames } from '../file-names.ts';
import { isPlaceholder, isSecretName } from '../secret-names.ts';
import type { PlainPlace, PlainSecret } from './plain-secret.ts';

export interface RepositoryFile {
  /** Relative to the root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** Findings in one file are cut off here; the first ones show what has to be done. */
const mostPerFile = 200;
const deepest = 60;

/** `paths` are all paths of the repository: values belong to a chart when a Chart.yaml stands beside or above them. */
export function plainSecretsOfFile(
  file: RepositoryFile,
  paths: ReadonlySet<string>,
  names: FileNames,
): readonly PlainSecret[] {
  const name = file.path.slice(file.path.lastIndexOf('/') + 1);
  if (names.isDockerfile(file.path)) return dockerfile(file);
  if (name.endsWith('.tfvars')) return terraform(file);
  if (/^(?:kubeconfig|[\w.-]{1,100}\.kubeconfig)(?:\.ya?ml)?$|^config$/.test(name)) return kubeconfig(file);
  if (!/\.ya?ml$/.test(name)) return [];
  if (isPipeline(file.path)) return inYaml(file, 'pipeline', isVariable);
  if (/^values(?:[._-][\w.-]{0,100})?\.ya?ml$/.test(name) && belongsToChart(file.path, paths))
    return inYaml(file, 'helm-values', () => true);
  return [];
}

function belongsToChart(path: string, paths: ReadonlySet<string>): boolean {
  let folder = path;
  for (let up = 0; up < 4; up += 1) {
    const slash = folder.lastIndexOf('/');
    folder = slash === -1 ? '' : folder.slice(0, slash);
    if (paths.has(folder === '' ? 'Chart.yaml' : `${folder}/Chart.yaml`)) return true;
    if (folder === '') return false;
  }
  return false;
}

function isPipeline(path: string): boolean {
  return /(?:^|\/)(?:\.github\/workflows\/[^/]{1,200}|\.gitlab-ci|azure-pipelines|\.circleci\/config|bitbucket-pipelines|\.drone)\.ya?ml$/.test(
    path,
  );
}

/** Below `env`, `environment` or `variables`, or in the options of a step. */
function isVariable(path: DocumentPath): boolean {
  return path
    .slice(0, -1)
    .some((key) => key === 'env' || key === 'environment' || key === 'variables' || key === 'with');
}

function inYaml(
  file: RepositoryFile,
  place: PlainPlace,
  counts: (path: DocumentPath) => boolean,
): readonly PlainSecret[] {
  const document = parseYamlDocument(file.text, file.path, { merge: 'on' });
  // SOPS encrypts values files as well.
  if (asString(asObject(asObject(document.value)?.['sops'])?.['mac'])?.startsWith('ENC[') === true) return [];
  const found: PlainSecret[] = [];
  walk(document.value, [], (path, value) => {
    const name = path.findLast((key) => typeof key === 'string') ?? '';
    if (found.length >= mostPerFile || typeof name !== 'string' || !isSecretName(name) || !counts(path)) return;
    if (isPlaceholder(value) || value.includes('${{') || /^\w{1,20}:\/\//.test(value)) return;
    found.push(plain(file, { place, name, location: document.locate(path) }));
  });
  return found;
}

function walk(value: unknown, path: DocumentPath, visit: (path: DocumentPath, text: string) => void): void {
  if (path.length > deepest) return;
  if (typeof value === 'string' || typeof value === 'number') visit(path, String(value));
  else if (Array.isArray(value)) value.forEach((item, index) => walk(item, [...path, index], visit));
  else for (const [key, member] of Object.entries(asObject(value) ?? {})) walk(member, [...path, key], visit);
}

function plain(
  { path }: RepositoryFile,
  { place, name, location }: Pick<PlainSecret, 'place' | 'name' | 'location'>,
): PlainSecret {
  return { place, name, resource: path, namespace: '-', location };
}

function dockerfile(file: RepositoryFile): readonly PlainSecret[] {
  return readDockerfile(file.text).commands.flatMap((command) => {
    if (command.keyword !== 'ARG' && command.keyword !== 'ENV') return [];
    const { line, endLine } = command;
    return assignmentsOf(command)
      .filter(({ name, value }) => isSecretName(name) && value !== undefined && !isPlaceholder(value))
      .map(({ name }) => plain(file, { place: 'dockerfile', name, location: { path: file.path, line, endLine } }));
  });
}

function terraform(file: RepositoryFile): readonly PlainSecret[] {
  return file.text.split('\n').flatMap((line, index) => {
    const match = /^\s{0,100}([A-Za-z_][\w-]{0,100})\s{0,100}=\s{0,100}"([^"]{0,2000})"/.exec(line);
    const name = match?.[1] ?? '';
    if (match === null || !isSecretName(name) || isPlaceholder(match[2] ?? '')) return [];
    return [plain(file, { place: 'terraform-variables', name, location: { path: file.path, line: index + 1 } })];
  });
}

const credentials: readonly string[] = ['client-key-data', 'token', 'password'];

function kubeconfig(file: RepositoryFile): readonly PlainSecret[] {
  const document: Document = parseYamlDocument(file.text, file.path, {});
  const root = asObject(document.value);
  if (root?.['kind'] !== 'Config') return [];
  return asArray(root['users']).flatMap((item, index) => {
    const user = asObject(asObject(item)?.['user']);
    const member = credentials.find((name) => !isPlaceholder(asString(user?.[name]) ?? ''));
    if (member === undefined) return [];
    const location = document.locate(['users', index, 'user', member]);
    return [plain(file, { place: 'kubeconfig', name: member, location })];
  });
}

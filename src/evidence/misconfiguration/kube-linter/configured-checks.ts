// SPDX-License-Identifier: Apache-2.0
// Which checks a configuration of KubeLinter asks for: built-in ones by name, and those that users make from templates. What cannot be used is a
// problem that hides findings, because a check that was asked for does not run.

import type { KubeLinterConfig, KubeLinterCustomCheck } from '../../../formats/kube-linter-config.ts';
import type { Problem } from '../../../model/problem.ts';
import type { ManifestCheck } from '../manifest-check.ts';
import type { ObjectKind } from './object-kinds.ts';
import { isObjectKind, isOfKind } from './object-kinds.ts';
import type { KubeLinterTemplate, TemplateServices } from './template.ts';
import { TemplateParameters } from './template.ts';
import { kubeLinterTemplates } from './templates.ts';

/** Built-in checks of KubeLinter that run without being named. */
const defaultChecks: readonly string[] = [
  'dangling-service',
  'deprecated-service-account-field',
  'docker-sock',
  'drop-net-raw-capability',
  'duplicate-env-var',
  'env-var-secret',
  'host-ipc',
  'host-network',
  'host-pid',
  'invalid-target-ports',
  'latest-tag',
  'liveness-port',
  'mismatching-selector',
  'no-anti-affinity',
  'no-extensions-v1beta',
  'no-read-only-root-fs',
  'non-existent-service-account',
  'pdb-max-unavailable',
  'pdb-min-available',
  'pdb-unhealthy-pod-eviction-policy',
  'privilege-escalation-container',
  'privileged-container',
  'readiness-port',
  'run-as-non-root',
  'sensitive-host-mounts',
  'ssh-port',
  'startup-port',
  'unsafe-sysctls',
  'unset-cpu-requirements',
  'unset-memory-requirements',
];

/** The built-in check that needs the schemas of the API and so is made when they are at hand. */
const schemaValidation: Omit<KubeLinterCustomCheck, 'at'> = {
  name: 'schema-validation',
  description:
    'An object that does not have the shape of its kind is refused, or a misspelt setting is silently without effect',
  remediation: 'Correct the members that are named',
  template: 'kubeconform',
  objectKinds: ['Any'],
  parameters: { strict: true, ignoreMissingSchemas: true },
};

export interface ConfiguredChecks {
  /** By name, as KubeLinter runs them. */
  readonly checks: readonly ManifestCheck[];
  readonly problems: readonly Problem[];
}

export interface ConfiguredCheckOptions {
  /** All checks there are; those of the profile kube-linter count. */
  readonly known: readonly ManifestCheck[];
  readonly services: TemplateServices;
  /** Of the configuration, for problems. */
  readonly path: string;
}

export function kubeLinterChecks(
  config: KubeLinterConfig,
  { known, services, path }: ConfiguredCheckOptions,
): ConfiguredChecks {
  const problems: Problem[] = [];
  const note = (message: string): void => {
    problems.push({ kind: 'schema', message, location: { path }, hidesFindings: true });
  };
  const byName = builtInByName(known);
  if (services.schemas !== undefined) {
    const check = customCheck(schemaValidation, { services, note });
    if (check !== undefined) byName.set(schemaValidation.name, check);
  }
  const builtIn = [...byName.keys()];
  const enabled = new Set<string>(config.doNotAutoAddDefaults ? [] : defaultChecks);
  if (config.addAllBuiltIn) for (const name of builtIn) enabled.add(name);
  for (const written of config.customChecks) {
    enabled.add(written.name);
    if (byName.has(written.name)) note(`the check "${written.name}" is there already`);
    const check = byName.has(written.name) ? undefined : customCheck(written, { services, note });
    if (check !== undefined) byName.set(written.name, check);
  }
  for (const name of config.include) enabled.add(name);
  for (const name of config.exclude) enabled.delete(name);
  const isCustom = new Set(config.customChecks.map(({ name }) => name));
  const checks = [...enabled].sort().flatMap((name): ManifestCheck[] => {
    const check = byName.get(name);
    if (check === undefined && !isCustom.has(name)) note(`the check "${name}" is not known`);
    return check === undefined ? [] : [check];
  });
  return { checks, problems };
}

const prefix = 'kube-linter/';

function builtInByName(known: readonly ManifestCheck[]): Map<string, ManifestCheck> {
  const found = new Map<string, ManifestCheck>();
  for (const check of known.filter(({ profiles }) => profiles.includes('kube-linter')))
    for (const alias of check.aliases) if (alias.startsWith(prefix)) found.set(alias.slice(prefix.length), check);
  return found;
}

interface CustomCheckContext {
  readonly services: TemplateServices;
  readonly note: (message: string) => void;
}

function customCheck(
  written: Omit<KubeLinterCustomCheck, 'at'>,
  { services, note }: CustomCheckContext,
): ManifestCheck | undefined {
  const { name } = written;
  const template = kubeLinterTemplates.find((one) => one.name === written.template);
  if (template === undefined) {
    note(`the check "${name}" names the template "${written.template}", which is not known`);
    return undefined;
  }
  const kinds = kindsOf(written, template, note);
  const parameters = new TemplateParameters(written.parameters);
  parameters.checkAgainst(template);
  const run = template.instantiate(parameters, services);
  if (parameters.problems.length > 0 || kinds === undefined) {
    for (const problem of parameters.problems) note(`the check "${name}": ${problem}`);
    return undefined;
  }
  return {
    id: name,
    title: name,
    aliases: [`${prefix}${name}`],
    profiles: ['kube-linter'],
    severity: 'medium',
    why: written.description === '' ? `the configuration asks for the check ${name}` : written.description,
    remediation: written.remediation,
    urls: [],
    example: { good: '', bad: '' },
    run: (resource, set) => (isOfKind(resource, kinds) ? run(resource, set) : []),
  };
}

function kindsOf(
  { name, objectKinds }: Omit<KubeLinterCustomCheck, 'at'>,
  template: KubeLinterTemplate,
  note: (message: string) => void,
): readonly ObjectKind[] | undefined {
  if (objectKinds === undefined) return template.kinds;
  const unknown = objectKinds.filter((kind) => !isObjectKind(kind));
  for (const kind of unknown) note(`the check "${name}" is for the object kind "${kind}", which is not known`);
  return unknown.length > 0 ? undefined : objectKinds.filter(isObjectKind);
}

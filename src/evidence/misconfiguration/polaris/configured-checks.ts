// SPDX-License-Identifier: Apache-2.0
// Which checks a configuration of Polaris asks for and how bad each is: built-in ones, those of users, and what is exempt from them. There are no
// exemptions that the configuration does not name: Polaris' own default file lets well-known controllers pass by their names, which anybody can take.

import type { DocumentPath } from '../../../formats/document.ts';
import { asObject, asString } from '../../../formats/document.ts';
import type { KubernetesResource } from '../../../formats/kubernetes-yaml/resources.ts';
import type { PolarisConfig, PolarisExemption, PolarisSeverity } from '../../../formats/polaris-config.ts';
import type { Problem } from '../../../model/problem.ts';
import type { Severity } from '../../../model/severity.ts';
import type { ManifestCheck, ManifestFault } from '../manifest-check.ts';
import { valueAt } from '../workload.ts';
import { polarisCustomCheck } from './custom-check.ts';

const severityOf: Readonly<Record<Exclude<PolarisSeverity, 'ignore'>, Severity>> = {
  danger: 'high',
  warning: 'medium',
};

export interface ConfiguredPolarisChecks {
  readonly checks: readonly ManifestCheck[];
  readonly problems: readonly Problem[];
}

export interface ConfiguredPolarisOptions {
  /** All checks there are; those of the profile polaris count. */
  readonly known: readonly ManifestCheck[];
  /** Of the configuration, for problems. */
  readonly path: string;
}

const prefix = 'polaris/';

/** Checks by name. Without `checks` in the configuration all built-in ones run, as bad as Polaris has them by default. */
export function polarisChecks(
  config: PolarisConfig,
  { known, path }: ConfiguredPolarisOptions,
): ConfiguredPolarisChecks {
  const problems: Problem[] = [];
  const builtIn = builtInByName(known);
  const custom = new Map(config.customChecks.map((check) => [check.id, check]));
  const asked = config.checks ?? defaultSeverities(builtIn);
  const note = (message: string): void => {
    problems.push({ kind: 'schema', message, location: { path }, hidesFindings: true });
  };
  for (const id of custom.keys())
    if (!Object.hasOwn(asked, id)) note(`the check "${id}" has no severity in checks, so it does not run`);
  const checks = Object.entries(asked).flatMap(([id, word]): ManifestCheck[] => {
    if (word === 'ignore') return [];
    const definition = custom.get(id);
    const severity = severityOf[word];
    const found = definition === undefined ? builtIn.get(id) : polarisCustomCheck(definition, severity);
    if (found === undefined) note(`the check "${id}" is not known`);
    return found === undefined ? [] : [withExemptions({ ...found, severity }, exemptionsFor(id, config))];
  });
  return { checks, problems };
}

function builtInByName(known: readonly ManifestCheck[]): ReadonlyMap<string, ManifestCheck> {
  const found = new Map<string, ManifestCheck>();
  for (const check of known.filter(({ profiles }) => profiles.includes('polaris')))
    for (const alias of check.aliases) if (alias.startsWith(prefix)) found.set(alias.slice(prefix.length), check);
  return found;
}

function defaultSeverities(builtIn: ReadonlyMap<string, ManifestCheck>): Readonly<Record<string, PolarisSeverity>> {
  return Object.fromEntries(
    [...builtIn].map(([id, { severity }]) => [id, severity === 'high' ? ('danger' as const) : ('warning' as const)]),
  );
}

function exemptionsFor(id: string, config: PolarisConfig): readonly PolarisExemption[] {
  if (config.disallowConfigExemptions) return [];
  return config.exemptions.filter(({ rules }) => rules.length === 0 || rules.includes(id));
}

function withExemptions(check: ManifestCheck, exemptions: readonly PolarisExemption[]): ManifestCheck {
  if (exemptions.length === 0) return check;
  return {
    ...check,
    run: (resource, set) => check.run(resource, set).filter((fault) => !isExempt(fault, resource, exemptions)),
  };
}

function isExempt(
  fault: ManifestFault,
  resource: KubernetesResource,
  exemptions: readonly PolarisExemption[],
): boolean {
  return exemptions.some(
    ({ namespace, controllerNames, containerNames }) =>
      (namespace === '' || namespace === (resource.namespace ?? '')) &&
      beginsWithOne(resource.name ?? '', controllerNames) &&
      beginsWithOne(containerOf(fault.at, resource), containerNames),
  );
}

function beginsWithOne(name: string, beginnings: readonly string[]): boolean {
  return beginnings.length === 0 || beginnings.some((beginning) => name.startsWith(beginning));
}

/** Name of the container that a path leads through; empty when it leads through none. */
function containerOf(at: DocumentPath, resource: KubernetesResource): string {
  const list = at.findIndex((key) => key === 'containers' || key === 'initContainers');
  if (list === -1) return '';
  return asString(asObject(valueAt(resource.object, at.slice(0, list + 2)))?.['name']) ?? '';
}

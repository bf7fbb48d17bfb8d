// SPDX-License-Identifier: Apache-2.0
// The contract of every check of Kubernetes objects: it is listed under the name of its file, explained, and its own examples behave.
import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseKubernetesYaml } from '../../formats/kubernetes-yaml/documents.ts';
import { resourcesOf } from '../../formats/kubernetes-yaml/resources.ts';
import { checkManifests } from './check-manifests.ts';
import { manifestChecks } from './checks/index.ts';
import type { ManifestCheck } from './manifest-check.ts';

/** `polaris/host-ipc-set.ts` holds the check `polaris-host-ipc-set`. */
const files = readdirSync(fileURLToPath(new URL('checks', import.meta.url)), { encoding: 'utf8', recursive: true })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && basename(file) !== 'index.ts')
  .map((file) => file.slice(0, -'.ts'.length).replaceAll('/', '-'));

function faultsOf(check: ManifestCheck, text: string): readonly string[] {
  const { resources } = resourcesOf(parseKubernetesYaml(text, 'example.yaml'));
  const [profile] = check.profiles;
  const decisions = checkManifests(resources, {
    checks: [check],
    ...(profile === undefined ? {} : { profile }),
    subject: 'tree',
    evidence: [],
  });
  expect(decisions.filter(({ outcome }) => outcome === 'error')).toEqual([]);
  expect(resources, `${check.id}: an example without objects`).not.toEqual([]);
  return decisions.filter(({ outcome }) => outcome === 'fail').map(({ message }) => message);
}

describe('checks of Kubernetes objects', () => {
  it('are listed once each, and every file is listed under its name', () => {
    const ids = manifestChecks.map(({ id }) => id);

    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    expect(files.filter((file) => !ids.includes(file))).toEqual([]);
  });

  it('carry no name of another program twice within a profile', () => {
    const names = manifestChecks.flatMap(({ aliases, profiles }) =>
      profiles.flatMap((profile) => aliases.map((alias) => `${profile} ${alias}`)),
    );

    const perProgram = names.filter((name) => /^(?:trivy KSV|trivy KCV|kube-linter kube|polaris polaris)/.test(name));
    expect(perProgram.filter((name, index) => perProgram.indexOf(name) !== index)).toEqual([]);
  });

  it.each(manifestChecks.map((check) => [check.id, check] as const))('%s is explained', (id, check) => {
    expect(id).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/);
    expect(check.profiles.length).toBeGreaterThan(0);
    expect(check.aliases).toEqual([...check.aliases].sort());
    for (const text of [check.title, check.why, check.remediation]) expect(text).toMatch(/^\S.*\S$/);
    expect(check.remediation).not.toMatch(/\.$/);
  });

  it.each(manifestChecks.map((check) => [check.id, check] as const))('%s tells its examples apart', (_, check) => {
    const good = faultsOf(check, check.example.good);
    const bad = faultsOf(check, check.example.bad);

    expect(good).toEqual([]);
    expect(bad).not.toEqual([]);
    expect(bad.filter((message) => message.endsWith('.'))).toEqual([]);
  });
});

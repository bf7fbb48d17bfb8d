// SPDX-License-Identifier: Apache-2.0
// Every shipped policy lets the good objects pass and refuses its bad one, and nothing else refuses that.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseKubernetesYaml } from '../../formats/kubernetes-yaml/documents.ts';
import type { KubernetesResource } from '../../formats/kubernetes-yaml/resources.ts';
import { resourcesOf } from '../../formats/kubernetes-yaml/resources.ts';
import { policyEngines } from '../../policy/engines.ts';
import { compilePolicySet } from '../../policy/policy-set.ts';
import { applyPolicies } from './apply.ts';

const folder = new URL('../../../rules/policies/', import.meta.url);

function read(path: string): readonly KubernetesResource[] {
  return resourcesOf(parseKubernetesYaml(readFileSync(new URL(path, folder), 'utf8'), path)).resources;
}

const names = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
const set = compilePolicySet(names.flatMap(read), policyEngines, { unbound: 'ignore' });
const good = read('examples/good.yaml');

function refusals(resources: readonly KubernetesResource[]): readonly string[] {
  const options = { operation: 'CREATE', known: good, subject: 'examples', evidence: [] } as const;
  const { decisions } = applyPolicies(set, resources, options);
  return decisions.flatMap(({ outcome, rule, message }) =>
    outcome === 'fail' ? [rule.replace('policy/', '')] : outcome === 'error' ? [message] : [],
  );
}

describe('shipped policies', () => {
  test('are loaded without a remark', () => {
    expect(set.problems).toEqual([]);
    expect(set.others).toEqual([]);
  });

  test('let good objects pass', () => {
    expect(refusals(good)).toEqual([]);
  });

  // What is wrong with one may be wrong for another: a tag is no digest, and what is privileged may gain privileges.
  const also: Readonly<Record<string, readonly string[]>> = {
    'image-latest': ['image-digests'],
    // The API server takes no privileged container that says it may not gain privileges.
    'privileged-containers': ['privilege-escalation'],
  };

  test.each(names.map((name) => name.replace('.yaml', '')))('%s refuses its bad example', (name) => {
    const wanted = [name, ...(also[name] ?? [])].sort();

    expect([...refusals(read(`examples/bad/${name}.yaml`))].sort()).toEqual(wanted);
  });

  test.each(names)('%s states a severity, a title and why', (name) => {
    const text = readFileSync(new URL(name, folder), 'utf8');

    expect(text).toMatch(/landwaiter\.dev\/severity: (?:critical|high|medium|low)\n/);
    expect(text).toMatch(/landwaiter\.dev\/title: \S/);
    expect(text.split('\n')[2]).toMatch(/^# .{20}/);
  });
});

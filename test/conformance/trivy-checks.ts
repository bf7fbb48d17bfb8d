// SPDX-License-Identifier: Apache-2.0
// Trivy's checks of Kubernetes objects and Dockerfiles against ours: how often the check with the same number fires. Examples of Terraform and
// CloudFormation are not read.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkDockerfile } from '../../src/evidence/misconfiguration/check-dockerfile.ts';
import { checkManifests } from '../../src/evidence/misconfiguration/check-manifests.ts';
import { manifestChecks } from '../../src/evidence/misconfiguration/checks/index.ts';
import { dockerfileChecks } from '../../src/evidence/misconfiguration/dockerfile-checks/index.ts';
import { parseKubernetesYaml } from '../../src/formats/kubernetes-yaml/documents.ts';
import { resourcesOf } from '../../src/formats/kubernetes-yaml/resources.ts';
import type { Decision } from '../../src/model/decision.ts';
import type { CaseResult, ConformanceCase, ConformancePack } from './pack.ts';
import { failed, passed } from './pack.ts';

interface KubernetesCase {
  readonly id: string;
  readonly check: string | null;
  readonly input: unknown;
  readonly expect: { readonly op: string; readonly count: number };
}

interface Example {
  readonly id: string;
  readonly check: string;
  readonly format: string;
  readonly verdict: 'good' | 'bad';
  readonly text: string;
}

const counts = { 'kubernetes cases': [0, 0], 'kubernetes examples': [0, 0], 'dockerfile examples': [0, 0] };
type Group = keyof typeof counts;

export const trivyChecksPack: ConformancePack = {
  name: 'trivy-checks',
  cases: (root) => {
    const paths = new Map<string, string>();
    for (const { id, path } of lines(root, 'checks.jsonl') as { id: string; path: string }[])
      paths.set(path.toLowerCase().replace(/\.rego$/, ''), id);
    return [
      ...(lines(root, 'kubernetes-cases.jsonl') as KubernetesCase[]).map((item) => kubernetesCase(item, paths)),
      ...(lines(root, 'examples.jsonl') as Example[]).map(exampleCase),
    ];
  },
  detail: () => {
    const all = Object.values(counts);
    const sum = (index: number): number => all.reduce((total, pair) => total + (pair[index] ?? 0), 0);
    const share = sum(1) === 0 ? 0 : Math.round((sum(0) / sum(1)) * 10_000) / 100;
    return { ...counts, percentOfKubernetesAndDockerfile: share };
  },
};

function lines(root: string, name: string): readonly unknown[] {
  const path = join(root, name);
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as unknown);
}

function counted(group: Group, result: CaseResult): CaseResult {
  const pair = counts[group];
  pair[0] = (pair[0] ?? 0) + (result.outcome === 'passed' ? 1 : 0);
  pair[1] = (pair[1] ?? 0) + 1;
  return result;
}

function kubernetesCase(item: KubernetesCase, paths: ReadonlyMap<string, string>): ConformanceCase {
  return {
    id: item.id,
    run: () => {
      // A case without a number is one whose check is found by its path, which differs in case from that of the test.
      const source = item.id.toLowerCase().replace(/_test\.rego#.*$/, '');
      const check = item.check ?? paths.get(source) ?? '';
      const actual = manifestFaults(check, JSON.stringify(asObjectOfTheApi(item.input)));
      if (actual === undefined) return counted('kubernetes cases', failed(`a check ${check}`, 'none'));
      const { op, count } = item.expect;
      const fits = op === '==' ? actual.length === count : op === '>' ? actual.length > count : actual.length !== count;
      return counted('kubernetes cases', fits ? passed : failed(`${op} ${count}`, actual));
    },
  };
}

/** Unit tests upstream leave out what no manifest can: an object without apiVersion is none for kubectl. */
function asObjectOfTheApi(input: unknown): unknown {
  const object = withoutBookkeeping(input);
  return object !== null && typeof object === 'object' && !('apiVersion' in object)
    ? { apiVersion: 'v1', ...object }
    : object;
}

/** Upstream's engine notes line numbers in the objects under this name; they are no part of the object. */
function withoutBookkeeping(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutBookkeeping);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== '__defsec_metadata')
      .map(([key, member]) => [key, withoutBookkeeping(member)]),
  );
}

function exampleCase(example: Example): ConformanceCase {
  const { id, check, format, verdict, text } = example;
  return {
    id: `${id} ${check}`,
    run: () => {
      if (format !== 'kubernetes' && format !== 'dockerfile')
        return { outcome: 'skipped', reason: `${format} is not read` };
      const group: Group = format === 'kubernetes' ? 'kubernetes examples' : 'dockerfile examples';
      const actual = format === 'kubernetes' ? manifestFaults(check, text) : dockerfileFaults(check, text);
      if (actual === undefined) return counted(group, failed(`a check ${check}`, 'none'));
      const fits = verdict === 'good' ? actual.length === 0 : actual.length > 0;
      return counted(group, fits ? passed : failed(verdict, actual));
    },
  };
}

/** Messages of the faults that our check of that number finds; undefined when there is none. */
function manifestFaults(number: string, text: string): readonly string[] | undefined {
  const checks = manifestChecks.filter(
    ({ aliases, profiles }) => aliases.includes(number) && profiles.includes('trivy'),
  );
  if (checks.length === 0) return undefined;
  const { resources } = resourcesOf(parseKubernetesYaml(text, 'manifest.yaml'));
  return messagesOf(checkManifests(resources, { checks, profile: 'trivy', subject: 'tree', evidence: [] }));
}

function dockerfileFaults(number: string, text: string): readonly string[] | undefined {
  const checks = dockerfileChecks.filter(({ aliases }) => aliases.includes(number));
  if (checks.length === 0) return undefined;
  return messagesOf(checkDockerfile({ path: 'Dockerfile', text }, { checks, subject: 'tree', evidence: [] }));
}

function messagesOf(decisions: readonly Decision[]): readonly string[] {
  return decisions
    .filter(({ outcome, suppressed }) => (outcome === 'fail' && suppressed === undefined) || outcome === 'error')
    .map(({ message }) => message);
}

// SPDX-License-Identifier: Apache-2.0
// Cases of KubeLinter's own end-to-end tests: one check, or one configuration, over one file; how many reports come out and what they say.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { kubeLinterServices } from '../../src/apps/misconfiguration/kube-linter-services.ts';
import { checkManifests } from '../../src/evidence/misconfiguration/check-manifests.ts';
import { manifestChecks } from '../../src/evidence/misconfiguration/checks/index.ts';
import { kubeLinterChecks } from '../../src/evidence/misconfiguration/kube-linter/configured-checks.ts';
import { asArray, asObject, asString } from '../../src/formats/document.ts';
import { emptyKubeLinterConfig, parseKubeLinterConfig } from '../../src/formats/kube-linter-config.ts';
import { parseKubernetesYaml } from '../../src/formats/kubernetes-yaml/documents.ts';
import type { KubernetesResource } from '../../src/formats/kubernetes-yaml/resources.ts';
import { resourcesOf } from '../../src/formats/kubernetes-yaml/resources.ts';
import type { Decision } from '../../src/model/decision.ts';
import type { CaseResult, ConformanceCase, ConformancePack } from './pack.ts';
import { failed, passed } from './pack.ts';

interface ExpectedMessage {
  readonly index: number;
  readonly match: 'equals' | 'contains';
  readonly text: string;
}

export const kubeLinterPack: ConformancePack = {
  name: 'kube-linter',
  cases: (root) => {
    const file = join(root, 'expected.json');
    if (!existsSync(file)) return [];
    const cases = asArray(JSON.parse(readFileSync(file, 'utf8')));
    return cases.map((item, index): ConformanceCase => {
      const expected = asObject(item) ?? {};
      return { id: asString(expected['name']) ?? `case ${index}`, run: () => runCase(root, expected) };
    });
  },
};

function runCase(root: string, expected: Readonly<Record<string, unknown>>): CaseResult {
  const input = asString(expected['input']) ?? '';
  const { resources } = resourcesOf(parseKubernetesYaml(readFileSync(join(root, input), 'utf8'), input));
  const { checks, problems } = checksOf(root, expected);
  if (problems.length > 0) return failed('a configuration without problems', problems);
  const decisions = checkManifests(resources, { checks, profile: 'kube-linter', subject: 'tree', evidence: [] });
  const errors = decisions.filter(({ outcome }) => outcome === 'error').map(({ message }) => message);
  if (errors.length > 0) return failed('checks that run', errors);
  const reports = reportsOf(decisions, resources);
  const actual = {
    exitStatus: reports.length === 0 ? 0 : 1,
    count: reports.length,
    reports: reports.map(({ message }) => message),
  };
  const status = expected['exitStatus'];
  const count = expected['count'];
  if (typeof status === 'number' && status !== actual.exitStatus) return failed(expected, actual);
  if (typeof count === 'number' && count !== actual.count) return failed(expected, actual);
  const wanted = asArray(expected['messages']) as readonly ExpectedMessage[];
  const isAsWanted = wanted.every(({ index, match, text }) => {
    const report = reports[index];
    if (report === undefined) return false;
    const said = [`${report.kind}: ${report.message}`, `${report.kind} ${report.name}: ${report.message}`];
    const words = unescapeBackquotes(text);
    return said.some((one) => (match === 'equals' ? one === words : one.includes(words)));
  });
  return isAsWanted ? passed : failed(expected, actual);
}

/** The expectations were shell strings in double quotes, where a backquote has a backslash before it. */
function unescapeBackquotes(text: string): string {
  return text.replaceAll('\\`', '`');
}

/** The tests run with --do-not-auto-add-defaults, so only what is named runs. */
function checksOf(root: string, expected: Readonly<Record<string, unknown>>) {
  const path = asString(expected['config']) ?? '';
  const read =
    path === '' ? emptyKubeLinterConfig : parseKubeLinterConfig(readFileSync(join(root, path), 'utf8'), path);
  const include = [...read.include, ...asArray(expected['include']).map(String)];
  const config = { ...read, include, doNotAutoAddDefaults: true };
  const { checks, problems } = kubeLinterChecks(config, { known: manifestChecks, services: kubeLinterServices, path });
  return { checks, problems: [...read.problems, ...problems].map(({ message }) => message) };
}

interface Report {
  readonly kind: string;
  readonly name: string;
  readonly message: string;
}

/** In the order of KubeLinter: object by object, for each one check after the other. */
function reportsOf(decisions: readonly Decision[], resources: readonly KubernetesResource[]): readonly Report[] {
  const starts = resources.map((resource) => resource.locate([]).line ?? 0);
  return decisions
    .flatMap((decision) => {
      const { finding, suppressed } = decision;
      if (decision.outcome !== 'fail' || suppressed !== undefined || finding?.kind !== 'misconfiguration') return [];
      const line = decision.locations[0]?.line ?? 0;
      const object = starts.findLastIndex((start) => start <= line);
      const resource = resources[object];
      return [{ object, report: { kind: resource?.kind ?? '', name: resource?.name ?? '', message: finding.message } }];
    })
    .sort((left, right) => left.object - right.object)
    .map(({ report }) => report);
}

// SPDX-License-Identifier: Apache-2.0
// Pods of the Pod Security Standards: verdict at a level and version, the text that a violation must contain, and the same verdict inside a Deployment.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asObject } from '../../src/formats/document.ts';
import { parseKubernetesYaml } from '../../src/formats/kubernetes-yaml/documents.ts';
import type { Level } from '../../src/policy/pod-security/check.ts';
import type { CheckViolation } from '../../src/policy/pod-security/evaluate.ts';
import { describeViolations, evaluatePod, parseVersion } from '../../src/policy/pod-security/evaluate.ts';
import { podOf } from '../../src/policy/pod-security/pod.ts';
import type { CaseResult, ConformanceCase, ConformancePack } from './pack.ts';
import { failed, passed } from './pack.ts';

/** Check id, lower-cased, to the text that its message contains: the table of the pack's README. */
const wantedText: Readonly<Record<string, string>> = {
  hostnamespaces: 'host namespaces',
  privileged: 'privileged',
  capabilities_baseline: 'capabilities',
  hostpathvolumes: 'hostPath',
  hostports: 'hostPort',
  apparmorprofile: 'forbidden AppArmor profile',
  selinuxoptions: 'seLinuxOptions',
  procmount: 'procMount',
  seccompprofile_baseline: 'seccompProfile',
  sysctls: 'forbidden sysctl',
  windowshostprocess: 'hostProcess',
  hostprobesandhostlifecycle: 'probe or lifecycle host',
  restrictedvolumes: 'restricted volume types',
  allowprivilegeescalation: 'allowPrivilegeEscalation != false',
  runasnonroot: 'runAsNonRoot != true',
  runasuser: 'runAsUser=0',
  seccompprofile_restricted: 'seccompProfile',
  capabilities_restricted: 'unrestricted capabilities',
  procmount_restricted: 'procMount',
};

export const pssPack: ConformancePack = {
  name: 'pss',
  cases: (root) => {
    const folder = join(root, 'testdata');
    if (!existsSync(folder)) return [];
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.yaml'))
      .sort()
      .map((file): ConformanceCase => ({ id: file, run: () => runCase(join(folder, file), file) }));
  },
};

function runCase(path: string, id: string): CaseResult {
  const [level = '', version = '', verdict = '', file = ''] = id.split('/');
  const pod = asObject(parseKubernetesYaml(readFileSync(path, 'utf8'), id)[0]?.value) ?? {};
  const asked = { level: level as Level, version: parseVersion(version) ?? 'latest' };
  const wrapped = { apiVersion: 'apps/v1', kind: 'Deployment', spec: { template: pod } };
  for (const object of [pod, wrapped]) {
    const extracted = podOf(object);
    const violations = extracted === undefined ? [] : evaluatePod(extracted.pod, asked);
    const result = judge(violations, { verdict, check: file.replace(/[0-9]*\.yaml$/, '') });
    if (result.outcome !== 'passed') return result;
  }
  return passed;
}

function judge(
  violations: readonly CheckViolation[],
  { verdict, check }: { readonly verdict: string; readonly check: string },
): CaseResult {
  const message = describeViolations(violations);
  if (verdict === 'pass') return violations.length === 0 ? passed : failed('no violation', message);
  const text = wantedText[check] ?? check;
  return violations.length > 0 && message.includes(text) ? passed : failed(text, message);
}

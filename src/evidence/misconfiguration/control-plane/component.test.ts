// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { parseKubernetesYaml } from '../../../formats/kubernetes-yaml/documents.ts';
import { resourcesOf } from '../../../formats/kubernetes-yaml/resources.ts';
import { manifestSet } from '../check-manifests.ts';
import type { FlagRule } from './component.ts';
import { flagCheck } from './component.ts';

function messages(container: string, rule: FlagRule): readonly string[] {
  const text = `apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - { name: c, ${container} }\n`;
  const { resources } = resourcesOf(parseKubernetesYaml(text, 'a.yaml'));
  const check = flagCheck('kube-apiserver', {
    id: 'x',
    title: 'x',
    trivy: 'KCV-0000',
    cis: '0',
    severity: 'low',
    why: 'x',
    rule,
  });
  return resources.flatMap((resource) => check.run(resource, manifestSet(resources, {})).map(({ message }) => message));
}

const authorization: FlagRule = { must: 'include', flag: 'authorization-mode', value: 'RBAC' };

describe('flags of control-plane programs', () => {
  it.each([
    ['command: [kube-apiserver, "--authorization-mode=Node,RBAC"]'],
    ['command: [/usr/bin/kube-apiserver, --authorization-mode, "RBAC"]'],
    ['command: [kube-apiserver], args: ["--authorization-mode=RBAC"]'],
    ['command: [/bin/sh, -c, "exec kube-apiserver --v=2 --authorization-mode=RBAC 2>&1"]'],
    ['command: [kube-apiserver, --authorization-mode=Node, --authorization-mode=RBAC]'],
    ['command: [other, --authorization-mode=Node]'],
    ['args: [--authorization-mode=Node]'],
    ['command: [sh, -c, "sleep 1"]'],
  ])('are read from %s', (container) => {
    expect(messages(container, authorization)).toEqual([]);
  });

  it.each<[FlagRule, string, string]>([
    [
      authorization,
      '--authorization-mode=RBACX',
      'kube-apiserver in the container c has no RBAC in --authorization-mode',
    ],
    [{ must: 'be-set', flags: ['a', 'b'] }, '--a=', 'kube-apiserver in the container c runs without --a and --b'],
    [
      { must: 'equal', flag: 'a', value: 'false' },
      '--a',
      'kube-apiserver in the container c runs with --a=true instead of false',
    ],
    [{ must: 'equal', flag: 'a', value: 'false' }, '--b', 'kube-apiserver in the container c runs without --a=false'],
    [{ must: 'be-absent', flag: 'a' }, '--a=1', 'kube-apiserver in the container c runs with --a'],
    [{ must: 'not-include', flag: 'a', value: 'X' }, '--a=Y,X', 'kube-apiserver in the container c has X in --a'],
    [
      { must: 'include-one-of', flag: 'a', values: ['X', 'Y'] },
      '--a=Z',
      'kube-apiserver in the container c has neither X nor Y in --a',
    ],
  ])('are judged (%#)', (rule, flag, message) => {
    expect(messages(`command: [kube-apiserver, "${flag}"]`, rule)).toEqual([message]);
  });
});

// SPDX-License-Identifier: Apache-2.0
// Nodes as a node collector describes them (`kind: NodeInfo` with `info.<fact>.values`): modes and owners of files, settings of the kubelet. Checks
// made of rows, as for flags. The object is that of github.com/aquasecurity/k8s-node-collector.

import { asArray, asObject, asString } from '../../../formats/document.ts';
import type { KubernetesResource } from '../../../formats/kubernetes-yaml/resources.ts';
import type { Severity } from '../../../model/severity.ts';
import type { ManifestCheck, ManifestFault } from '../manifest-check.ts';

/** What the values of a fact must be. */
export type FactRule =
  /** Octal digits as a number: 600 is rw-------. */
  | { readonly must: 'mode-at-most'; readonly mode: number }
  | { readonly must: 'owner'; readonly owner: string }
  | { readonly must: 'not-be'; readonly value: string | number }
  | { readonly must: 'be'; readonly value: string | number }
  | { readonly must: 'be-absent' }
  | { readonly must: 'not-be-negative' }
  | { readonly must: 'end-with'; readonly ending: string }
  | { readonly must: 'not-be-empty' }
  | { readonly must: 'be-one-of'; readonly values: readonly string[] };

export interface FactRow {
  readonly id: string;
  readonly title: string;
  readonly trivy: string;
  readonly cis: string;
  readonly severity: Severity;
  readonly why: string;
  readonly remediation: string;
  /** Member of `info`. */
  readonly fact: string;
  readonly nodes: 'control-plane' | 'all';
  readonly rule: FactRule;
  /** A fact without values is a fault as well: the setting has to be made. */
  readonly needsValue?: true;
}

/** The check of one row. Its examples are made from the rule. */
export function factCheck(row: FactRow): ManifestCheck {
  return {
    id: row.id,
    title: row.title,
    aliases: [`CIS-${row.cis}`, row.trivy],
    profiles: ['landwaiter', 'trivy'],
    severity: row.severity,
    why: row.why,
    remediation: row.remediation,
    urls: ['https://www.cisecurity.org/benchmark/kubernetes'],
    example: { good: exampleOf(row, goodValue(row.rule)), bad: exampleOf(row, badValue(row.rule)) },
    kinds: ['NodeInfo'],
    run: (resource) => faultsOf(resource, row),
  };
}

function faultsOf(resource: KubernetesResource, row: FactRow): readonly ManifestFault[] {
  const type = asString(resource.object['type']);
  if (type !== 'master' && (type !== 'worker' || row.nodes === 'control-plane')) return [];
  const fact = asObject(asObject(resource.object['info'])?.[row.fact]);
  if (fact === undefined || !Array.isArray(fact['values'])) return [];
  const values = asArray(fact['values']);
  const at = ['info', row.fact, 'values'];
  if (values.length === 0) return row.needsValue === true ? [{ message: `${row.title}: it is not set`, at }] : [];
  const index = values.findIndex((value) => !isRight(value, row.rule));
  if (index === -1) return [];
  return [{ message: `${row.title}: ${String(values[index]).slice(0, 80)}`, at: [...at, index] }];
}

function isRight(value: unknown, rule: FactRule): boolean {
  switch (rule.must) {
    case 'mode-at-most':
      return isModeAtMost(value, rule.mode);
    case 'owner':
      return value === rule.owner;
    case 'be':
      return String(value) === String(rule.value);
    case 'not-be':
      return String(value) !== String(rule.value);
    case 'be-absent':
      return false;
    case 'not-be-negative':
      return !(Number(value) < 0);
    case 'end-with':
      return typeof value === 'string' && value.endsWith(rule.ending);
    case 'not-be-empty':
      return value !== '' && value !== null;
    default:
      return typeof value === 'string' && rule.values.includes(value);
  }
}

/** Not larger as a number, and no right for group and others that the limit does not give. */
function isModeAtMost(value: unknown, limit: number): boolean {
  const digits = String(value).trim();
  if (!/^[0-7]{1,5}$/.test(digits)) return false;
  const shared = Number.parseInt(digits, 8) & 0o077;
  return Number(digits) <= limit && (shared & ~Number.parseInt(String(limit), 8)) === 0;
}

function goodValue(rule: FactRule): string {
  switch (rule.must) {
    case 'mode-at-most':
      return String(rule.mode);
    case 'owner':
      return rule.owner;
    case 'be':
      return JSON.stringify(rule.value);
    case 'not-be':
      return '"other"';
    case 'be-absent':
      return '';
    case 'not-be-negative':
      return '5';
    case 'end-with':
      return `node${rule.ending}`;
    case 'not-be-empty':
      return '/etc/kubernetes/pki/ca.crt';
    default:
      return rule.values[0] ?? '';
  }
}

function badValue(rule: FactRule): string {
  switch (rule.must) {
    case 'mode-at-most':
      return '755';
    case 'owner':
      return 'user:user';
    case 'not-be':
      return JSON.stringify(rule.value);
    case 'not-be-negative':
      return '-1';
    case 'not-be-empty':
      return '""';
    case 'be':
    case 'be-absent':
    case 'end-with':
    default:
      return 'example';
  }
}

function exampleOf({ fact }: FactRow, value: string): string {
  return `apiVersion: v1\nkind: NodeInfo\ntype: master\ninfo: { ${fact}: { values: [${value}] } }\n`;
}

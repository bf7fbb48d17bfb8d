// SPDX-License-Identifier: Apache-2.0
// Control-plane programs in Pods (kube-apiserver, etcd ...): which container runs one, with which flags, and checks made of rows "this flag must be
// so". The rows are in the files beside this one.

import type { DocumentPath } from '../../../formats/document.ts';
import { asArray } from '../../../formats/document.ts';
import type { KubernetesResource } from '../../../formats/kubernetes-yaml/resources.ts';
import type { Severity } from '../../../model/severity.ts';
import type { ManifestCheck, ManifestFault } from '../manifest-check.ts';
import { podTemplateOf } from '../workload.ts';

export type Program = 'kube-apiserver' | 'kube-controller-manager' | 'kube-scheduler' | 'etcd';

/** What a flag must be. Lists are separated by commas. */
export type FlagRule =
  | { readonly must: 'equal' | 'not-equal' | 'include' | 'not-include'; readonly flag: string; readonly value: string }
  | { readonly must: 'be-absent'; readonly flag: string }
  | { readonly must: 'be-set'; readonly flags: readonly string[] }
  /** When the flag is set at all, one of the values has to be in the list. */
  | { readonly must: 'include-one-of'; readonly flag: string; readonly values: readonly string[] };

export interface FlagRow {
  readonly id: string;
  readonly title: string;
  /** Number of the check in Trivy, and in the CIS Kubernetes benchmark 1.23. */
  readonly trivy: string;
  readonly cis: string;
  readonly severity: Severity;
  readonly why: string;
  readonly rule: FlagRule;
  /** false for flags that newer versions of Kubernetes no longer have: only who asks for Trivy's checks gets them. */
  readonly isCurrent?: false;
}

const references: Readonly<Record<Program, string>> = {
  'kube-apiserver': 'https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/',
  'kube-controller-manager':
    'https://kubernetes.io/docs/reference/command-line-tools-reference/kube-controller-manager/',
  'kube-scheduler': 'https://kubernetes.io/docs/reference/command-line-tools-reference/kube-scheduler/',
  etcd: 'https://etcd.io/docs/latest/op-guide/configuration/',
};

/** The check of one row. Its examples are made from the rule. */
export function flagCheck(program: Program, row: FlagRow): ManifestCheck {
  const { rule } = row;
  return {
    id: row.id,
    title: row.title,
    aliases: [`CIS-${row.cis}`, row.trivy],
    profiles: row.isCurrent === false ? ['trivy'] : ['landwaiter', 'trivy'],
    severity: row.severity,
    why: row.why,
    remediation: `${remedy(rule)} in the manifest of ${program}`,
    urls: [references[program]],
    example: { good: exampleOf(program, goodFlags(rule)), bad: exampleOf(program, badFlags(rule)) },
    run: (resource) => faultsOf(resource, program, rule),
  };
}

function faultsOf(resource: KubernetesResource, program: Program, rule: FlagRule): readonly ManifestFault[] {
  const pod = podTemplateOf(resource);
  if (pod === undefined) return [];
  return pod.containers.flatMap(({ container, at, name }): ManifestFault[] => {
    // Most containers start what their image says.
    if (typeof asArray(container['command'])[0] !== 'string') return [];
    const line = commandLineOf(container, at);
    if (!runs(line, program)) return [];
    const wrong = judge(flagsOf(line), rule);
    if (wrong === undefined) return [];
    return [{ message: `${program} in the container ${name} ${wrong.message}`, at: wrong.at ?? at }];
  });
}

interface Word {
  readonly text: string;
  readonly at: DocumentPath;
}

interface CommandLine {
  /** Of command and args; what a shell would be given as one word is taken apart. */
  readonly words: readonly Word[];
  readonly first: string;
}

/** Words of one command line that are looked at. */
const mostWords = 2000;

function commandLineOf(container: Readonly<Record<string, unknown>>, at: DocumentPath): CommandLine {
  const words: Word[] = [];
  let first = '';
  for (const member of ['command', 'args']) {
    for (const [index, item] of asArray(container[member]).entries()) {
      if (typeof item !== 'string') continue;
      if (member === 'command' && index === 0) first = item;
      for (const text of item.split(/\s/)) {
        if (text !== '' && words.length < mostWords) words.push({ text, at: [...at, member, index] });
      }
    }
  }
  return { words, first };
}

function runs({ words, first }: CommandLine, program: Program): boolean {
  if (baseName(first.split(/\s/)[0] ?? '') === program) return true;
  return /^(?:.{0,500}\/)?(?:ba|da|a)?sh$/.test(first) && words.some(({ text }) => baseName(text) === program);
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

interface Flag {
  readonly value: string;
  readonly at: DocumentPath;
}

/** The last occurrence counts, as for the flag packages of Go. `--flag value` is read as well; a bare flag is `true`. */
function flagsOf({ words }: CommandLine): ReadonlyMap<string, Flag> {
  const flags = new Map<string, Flag>();
  for (const [index, { text, at }] of words.entries()) {
    if (!text.startsWith('-')) continue;
    const bare = text.replace(/^-{1,2}/, '');
    const equals = bare.indexOf('=');
    if (equals !== -1) {
      flags.set(bare.slice(0, equals), { value: unquote(bare.slice(equals + 1)), at });
      continue;
    }
    const next = words[index + 1]?.text;
    flags.set(bare, { value: next === undefined || next.startsWith('-') ? 'true' : unquote(next), at });
  }
  return flags;
}

function unquote(text: string): string {
  return /^(?:".*"|'.*')$/.test(text) ? text.slice(1, -1) : text;
}

interface Wrong {
  readonly message: string;
  readonly at?: DocumentPath;
}

function judge(flags: ReadonlyMap<string, Flag>, rule: FlagRule): Wrong | undefined {
  if (rule.must === 'be-set') {
    const missing = rule.flags.filter((flag) => (flags.get(flag)?.value ?? '') === '');
    return missing.length === 0 ? undefined : { message: `runs without ${missing.map(dashed).join(' and ')}` };
  }
  const found = flags.get(rule.flag);
  const flag = dashed(rule.flag);
  const listed = found?.value.split(',').map((item) => item.trim()) ?? [];
  const at = found === undefined ? {} : { at: found.at };
  switch (rule.must) {
    case 'be-absent':
      return found === undefined ? undefined : { message: `runs with ${flag}`, ...at };
    case 'equal':
      if (found?.value === rule.value) return undefined;
      return found === undefined
        ? { message: `runs without ${flag}=${rule.value}` }
        : { message: `runs with ${flag}=${shown(found.value)} instead of ${rule.value}`, ...at };
    case 'not-equal':
      return found?.value === rule.value ? { message: `runs with ${flag}=${rule.value}`, ...at } : undefined;
    case 'include':
      return listed.includes(rule.value) ? undefined : { message: `has no ${rule.value} in ${flag}`, ...at };
    case 'not-include':
      return listed.includes(rule.value) ? { message: `has ${rule.value} in ${flag}`, ...at } : undefined;
    default:
      return found === undefined || rule.values.some((value) => listed.includes(value))
        ? undefined
        : { message: `has neither ${rule.values.join(' nor ')} in ${flag}`, ...at };
  }
}

function dashed(flag: string): string {
  return `--${flag}`;
}

function shown(value: string): string {
  return value.length > 60 ? `${value.slice(0, 60)}...` : value;
}

function remedy(rule: FlagRule): string {
  switch (rule.must) {
    case 'be-set':
      return `Set ${rule.flags.map(dashed).join(' and ')}`;
    case 'be-absent':
      return `Remove ${dashed(rule.flag)}`;
    case 'equal':
      return `Set ${dashed(rule.flag)}=${rule.value}`;
    case 'not-equal':
      return `Do not set ${dashed(rule.flag)} to ${rule.value}`;
    case 'include':
      return `Add ${rule.value} to ${dashed(rule.flag)}`;
    case 'not-include':
      return `Take ${rule.value} out of ${dashed(rule.flag)}`;
    default:
      return `Add ${rule.values.join(' or ')} to ${dashed(rule.flag)}`;
  }
}

function goodFlags(rule: FlagRule): readonly string[] {
  switch (rule.must) {
    case 'be-set':
      return rule.flags.map((flag) => `${dashed(flag)}=/etc/example`);
    case 'be-absent':
    case 'not-equal':
    case 'not-include':
      return [];
    case 'equal':
    case 'include':
      return [`${dashed(rule.flag)}=${rule.value}`];
    default:
      return [`${dashed(rule.flag)}=${rule.values[0] ?? ''}`];
  }
}

function badFlags(rule: FlagRule): readonly string[] {
  switch (rule.must) {
    case 'be-set':
    case 'equal':
    case 'include':
      return [];
    case 'be-absent':
    case 'include-one-of':
      return [`${dashed(rule.flag)}=Example`];
    case 'not-equal':
    default:
      return [`${dashed(rule.flag)}=${rule.value}`];
  }
}

function exampleOf(program: Program, flags: readonly string[]): string {
  return [
    'apiVersion: v1',
    'kind: Pod',
    `metadata: { name: ${program}, namespace: kube-system }`,
    'spec:',
    '  containers:',
    `    - name: ${program}`,
    '      command:',
    `        - ${program}`,
    ...flags.map((flag) => `        - ${flag}`),
    '',
  ].join('\n');
}

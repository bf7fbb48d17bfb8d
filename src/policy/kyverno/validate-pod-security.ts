// SPDX-License-Identifier: Apache-2.0
// validate rules of Pod Security Standards: a level and version, less what is excluded by control, image, field and value
// (Kyverno pkg/pss and validate_pss.go).
import type { JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asString, asStrings } from '../../formats/document.ts';
import { printGoValue } from '../../formats/go-print.ts';
import { matchesWildcard } from '../../formats/wildcard.ts';
import { parseImageInfo } from '../image-info.ts';
import type { Level, PodContainer, PodUnderTest } from '../pod-security/check.ts';
import type { CheckViolation } from '../pod-security/evaluate.ts';
import { describeViolations, evaluatePod, parseVersion } from '../pod-security/evaluate.ts';
import { podOf } from '../pod-security/pod.ts';
import type { MessageSource } from './messages.ts';
import type { CompiledBody } from './rule.ts';
import { outcome } from './rule.ts';

/** Checks of the standards by the names of the controls in the documentation of Kubernetes. */
const controls: Readonly<Record<string, readonly string[]>> = {
  Capabilities: ['capabilities_baseline', 'capabilities_restricted'],
  Seccomp: ['seccompProfile_baseline', 'seccompProfile_restricted'],
  'Privileged Containers': ['privileged'],
  'Host Ports': ['hostPorts'],
  'Host Probes / Lifecycle Hooks': ['hostProbesAndHostLifecycle'],
  '/proc Mount Type': ['procMount'],
  HostProcess: ['windowsHostProcess'],
  SELinux: ['seLinuxOptions'],
  'Host Namespaces': ['hostNamespaces'],
  'HostPath Volumes': ['hostPathVolumes'],
  Sysctls: ['sysctls'],
  AppArmor: ['appArmorProfile'],
  'Privilege Escalation': ['allowPrivilegeEscalation'],
  'Running as Non-root': ['runAsNonRoot'],
  'Running as Non-root user': ['runAsUser'],
  'Volume Types': ['restrictedVolumes'],
};

const levels: readonly string[] = ['privileged', 'baseline', 'restricted'] satisfies readonly Level[];

export interface PodSecurityExclusion {
  readonly checks: readonly string[];
  readonly images: readonly string[];
  readonly field: string;
  readonly values: readonly string[];
}

/** The exclusions of a rule or exception; a message for a control that there is not. */
export function podSecurityExclusions(list: unknown): readonly PodSecurityExclusion[] | string {
  const exclusions: PodSecurityExclusion[] = [];
  for (const item of asArray(list)) {
    const entry = asObject(item) ?? {};
    const checks = controls[asString(entry['controlName']) ?? ''];
    if (checks === undefined) return `unknown control ${JSON.stringify(entry['controlName'])}`;
    exclusions.push({
      checks,
      images: asStrings(entry['images']),
      field: asString(entry['restrictedField']) ?? '',
      values: asStrings(entry['values']),
    });
  }
  return exclusions;
}

export function compilePodSecurity(podSecurity: JsonObject, source: MessageSource): CompiledBody {
  const level = asString(podSecurity['level']) ?? '';
  const written = asString(podSecurity['version']) ?? '';
  const version = written === '' ? 'latest' : parseVersion(written);
  if (!levels.includes(level))
    return { kind: 'invalid', message: `podSecurity.level must be one of ${levels.join(', ')}` };
  if (version === undefined) return { kind: 'invalid', message: 'podSecurity.version must be "latest" or "v1.x"' };
  const exclusions = podSecurityExclusions(podSecurity['exclude']);
  if (typeof exclusions === 'string') return { kind: 'invalid', message: exclusions };
  return {
    kind: 'body',
    run: ({ request, exceptedControls = [] }) => {
      const object = request.object ?? request.oldObject;
      const extracted = object === undefined ? undefined : podOf(object);
      if (extracted === undefined)
        return outcome(source.rule, 'error', 'Error while getting new resource: Could not find correct resource type');
      const { pod } = extracted;
      const rules: Rules = { exclusions, level: level as Level, version };
      const left = evaluatePod(pod, rules).filter((violation) => !isExcluded(violation, pod, rules));
      const widened: Rules = { ...rules, exclusions: [...exclusions, ...exceptedControls] };
      // An exception that names controls leaves out these, and no others.
      if (left.length > 0 && exceptedControls.length > 0 && left.every((item) => isExcluded(item, pod, widened)))
        return outcome(source.rule, 'skip', 'every control that is violated is left out by exceptions');
      if (left.length === 0) return outcome(source.rule, 'pass', `Validation rule '${source.rule}' passed.`);
      const what = `It violates PodSecurity "${level}:${written === '' ? 'latest' : written}": ${describeViolations(left)}`;
      return outcome(source.rule, 'fail', `Validation rule '${source.rule}' failed. ${what}`);
    },
  };
}

interface Rules {
  readonly exclusions: readonly PodSecurityExclusion[];
  readonly level: Level;
  readonly version: number | 'latest';
}

/** A violation is excluded when it is gone once what the exclusions name is taken out of the Pod. */
function isExcluded(violation: CheckViolation, pod: PodUnderTest, { exclusions, level, version }: Rules): boolean {
  const relevant = exclusions.filter(({ checks }) => checks.includes(violation.check));
  if (relevant.length === 0) return false;
  const ofPod = relevant.filter(({ images }) => images.length === 0);
  if (ofPod.some(({ field }) => field === '')) return true;
  const reduced: PodUnderTest = {
    ...pod,
    containers: pod.containers.filter(
      (container) => !relevant.some((exclusion) => coversContainer(exclusion, container)),
    ),
    ...withoutAllowed(pod, ofPod),
  };
  return !evaluatePod(reduced, { level, version }).some(({ check }) => check === violation.check);
}

/** `spec.initContainers[*]...` is about one list of containers. */
const containerField = /^spec\.(containers|initContainers|ephemeralContainers)\[\*\]\.(.+)$/;

function coversContainer({ images, field, values }: PodSecurityExclusion, { at, container }: PodContainer): boolean {
  const image = asString(container['image']) ?? '';
  const names = [image, parseImageInfo(image)?.reference ?? image];
  if (images.length === 0 || !images.some((glob) => names.some((name) => matchesWildcard(glob, name)))) return false;
  if (field === '') return true;
  const [, list, inner = ''] = containerField.exec(field) ?? [];
  return list === at[1] && areAllowed(valuesAt(container, inner.split('.')), values);
}

/** The Pod without its own settings whose values are all allowed. */
function withoutAllowed(pod: PodUnderTest, exclusions: readonly PodSecurityExclusion[]): Partial<PodUnderTest> {
  let spec = pod.spec;
  let annotations = pod.annotations;
  for (const { field, values } of exclusions) {
    if (field === 'metadata.annotations') {
      annotations = {};
      continue;
    }
    const path = field.replace(/^spec\./, '').split('.');
    // What is wrong about such a volume is its path.
    const compared = path.at(-1) === 'hostPath' ? [...path, 'path'] : path;
    if (areAllowed(valuesAt(spec, compared), values)) spec = without(spec, path);
  }
  return { spec, annotations, securityContext: asObject(spec['securityContext']) ?? {} };
}

function areAllowed(found: readonly unknown[], allowed: readonly string[]): boolean {
  return found.every((value) => allowed.some((glob) => matchesWildcard(glob, printGoValue(value))));
}

/** All values at a path in which `name[*]` stands for every element; lists at its end are taken apart. */
function valuesAt(value: unknown, path: readonly string[]): readonly unknown[] {
  const [first, ...rest] = path;
  if (value === undefined || value === null) return [];
  if (first === undefined) return Array.isArray(value) ? value : [value];
  const isList = first.endsWith('[*]');
  const member = asObject(value)?.[isList ? first.slice(0, -3) : first];
  return isList ? asArray(member).flatMap((item) => valuesAt(item, rest)) : valuesAt(member, rest);
}

function without(object: JsonObject, path: readonly string[]): JsonObject {
  const [first = '', ...rest] = path;
  const isList = first.endsWith('[*]');
  const key = isList ? first.slice(0, -3) : first;
  if (object[key] === undefined) return object;
  if (rest.length === 0) return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));
  if (isList) return { ...object, [key]: asArray(object[key]).map((item) => without(asObject(item) ?? {}, rest)) };
  return { ...object, [key]: without(asObject(object[key]) ?? {}, rest) };
}

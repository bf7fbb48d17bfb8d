// SPDX-License-Identifier: Apache-2.0
// Templates of KubeLinter about how many Pods run and how they are replaced: replicas, anti-affinity, selectors, updates, Jobs.

import { RE2JS } from 're2js';
import type { JsonObject } from '../../../formats/document.ts';
import { asArray, asObject, asString } from '../../../formats/document.ts';
import { printSelector, readLabelSelector, selectorOfLabels, selects } from '../label-selector.ts';
import type { ManifestFault } from '../manifest-check.ts';
import { printed, quoted } from './go-text.ts';
import { isOfKind } from './object-kinds.ts';
import type { PodView } from './pods.ts';
import { podViewOf } from './pods.ts';
import type { IntOrPercent } from './replicas.ts';
import { leastReplicasOf, readIntOrPercent, replicasOf, selectorOf, specOf } from './replicas.ts';
import type { TemplateParameters } from './template.ts';
import { defineTemplate, fault } from './template.ts';

function counted(replicas: number): string {
  return `${replicas} ${replicas > 1 ? 'replicas' : 'replica'}`;
}

export const minimumReplicasTemplate = defineTemplate({
  name: 'minimum-replicas',
  kinds: ['DeploymentLike'],
  parameters: [{ name: 'minReplicas', type: 'number', required: true }],
  instantiate: (parameters) => {
    const least = parameters.number('minReplicas') ?? 0;
    return (resource) => {
      const replicas = replicasOf(resource);
      if (replicas === undefined || replicas >= least) return [];
      return [fault(['spec', 'replicas'], `object has ${counted(replicas)} but minimum required replicas is ${least}`)];
    };
  },
});

export const autoscalerReplicasTemplate = defineTemplate({
  name: 'hpa-minimum-replicas',
  kinds: ['HorizontalPodAutoscaler'],
  parameters: [{ name: 'minReplicas', type: 'number' }],
  instantiate: (parameters) => {
    const least = parameters.number('minReplicas') ?? 0;
    return (resource) => {
      const replicas = leastReplicasOf(resource);
      if (replicas === undefined || replicas >= least) return [];
      return [
        fault(['spec', 'minReplicas'], `object has ${counted(replicas)} but minimum required replicas is ${least}`),
      ];
    };
  },
});

export const antiAffinityTemplate = defineTemplate({
  name: 'anti-affinity',
  kinds: ['DeploymentLike'],
  parameters: [
    { name: 'minReplicas', type: 'number' },
    { name: 'topologyKey', type: 'text' },
  ],
  instantiate: (parameters) => {
    const least = parameters.number('minReplicas') ?? 0;
    const matchesKey =
      parameters.text('topologyKey') === ''
        ? (key: string) => key === 'kubernetes.io/hostname'
        : parameters.matcher('topologyKey');
    return (resource) => {
      const replicas = replicasOf(resource);
      const pod = podViewOf(resource);
      if (replicas === undefined || replicas < least || pod === undefined) return [];
      const at = [...pod.specAt, 'affinity', 'podAntiAffinity'];
      const affinity = asObject(asObject(pod.spec['affinity'])?.['podAntiAffinity']);
      const who = `object has ${counted(replicas)} but does not specify`;
      if (affinity === undefined) return [fault(at, `${who} inter pod anti-affinity`)];
      const preferred = asArray(affinity['preferredDuringSchedulingIgnoredDuringExecution']).map(
        (item) => asObject(asObject(item)?.['podAffinityTerm']) ?? {},
      );
      const required = asArray(affinity['requiredDuringSchedulingIgnoredDuringExecution']).map(
        (item) => asObject(item) ?? {},
      );
      if (preferred.length + required.length === 0)
        return [fault(at, `${who} preferred or required inter pod anti-affinity during scheduling`)];
      const faults: ManifestFault[] = [];
      for (const term of [...preferred, ...required]) {
        const words = termFault(term, { pod, namespace: resource.namespace ?? '', matchesKey });
        if (words === undefined) return [];
        faults.push(fault(at, words));
      }
      return faults;
    };
  },
});

interface TermContext {
  readonly pod: PodView;
  readonly namespace: string;
  readonly matchesKey: (key: string) => boolean;
}

function termFault(term: JsonObject, { pod, namespace, matchesKey }: TermContext): string | undefined {
  const namespaces = asArray(term['namespaces']).map(String);
  if (namespaces.length > 0 && !namespaces.includes(namespace))
    return `pod's namespace ${quoted(namespace)} not found in anti-affinity's namespaces [${namespaces.join(', ')}]`;
  const written = asObject(term['labelSelector']);
  const selector = readLabelSelector(written);
  if (selector.kind === 'invalid') return selector.reason;
  const key = asString(term['topologyKey']) ?? '';
  if (!matchesKey(key)) return `anti-affinity's topology key does not match ${quoted(key)}`;
  // An absent selector matches nothing here, unlike an empty one.
  if (written !== undefined && selects(selector, pod.labels)) return undefined;
  const labels = printSelector(selectorOfLabels(pod.labels));
  return `pod's labels ${quoted(labels)} do not match with anti-affinity's labels ${quoted(printSelector(selector))}`;
}

const jobs: readonly string[] = ['Job', 'CronJob'];

export const mismatchingSelectorTemplate = defineTemplate({
  name: 'mismatching-selector',
  kinds: ['DeploymentLike'],
  parameters: [],
  instantiate: () => (resource) => {
    const pod = podViewOf(resource);
    const found = selectorOf(resource);
    if (pod === undefined || found === undefined) return [];
    const at = resource.kind === 'CronJob' ? ['spec', 'jobTemplate', 'spec', 'selector'] : ['spec', 'selector'];
    const labels = asObject(found.selector?.['matchLabels']) ?? {};
    const isEmpty = Object.keys(labels).length === 0 && asArray(found.selector?.['matchExpressions']).length === 0;
    if (isEmpty) return jobs.includes(resource.kind) ? [] : [fault(at, 'object has no selector specified')];
    const selector = readLabelSelector(found.selector);
    if (selector.kind === 'invalid') return [fault(at, `object has invalid label selector: ${selector.reason}`)];
    if (selects(selector, pod.labels)) return [];
    return [
      fault(
        at,
        `labels in pod spec (${printedLabels(pod.labels)}) do not match labels in selector (${printedPointer(found.selector ?? {})})`,
        `the selector (${printSelector(selector)}) does not match the labels of the Pod template`,
      ),
    ];
  },
});

function printedLabels(labels: JsonObject): string {
  const members = Object.keys(labels).sort();
  return `map[${members.map((key) => `${key}:${String(labels[key])}`).join(' ')}]`;
}

/** A `*LabelSelector` prints itself: `&LabelSelector{MatchLabels:map[string]string{a: b,},MatchExpressions:[]LabelSelectorRequirement{},}`. */
function printedPointer(selector: JsonObject): string {
  const labels = asObject(selector['matchLabels']) ?? {};
  const members = Object.keys(labels).sort();
  const printedMembers = members.map((key) => `${key}: ${String(labels[key])},`).join('');
  const expressions = asArray(selector['matchExpressions']).map((item) => {
    const { key, operator, values } = asObject(item) ?? {};
    return `LabelSelectorRequirement{Key:${String(key)},Operator:${String(operator)},Values:[${asArray(values).map(String).join(' ')}],},`;
  });
  return `&LabelSelector{MatchLabels:map[string]string{${printedMembers}},MatchExpressions:[]LabelSelectorRequirement{${expressions.join('')}},}`;
}

interface Bounds {
  readonly least: IntOrPercent | undefined;
  readonly most: IntOrPercent | undefined;
  readonly words: string;
}

function boundsOf(parameters: TemplateParameters, leastName: string, mostName: string): Bounds {
  const read = (name: string): IntOrPercent | undefined => {
    const text = parameters.text(name);
    if (text === '') return undefined;
    const value = readIntOrPercent(text);
    if (value === undefined || value.value < 0 || (value.isPercent && value.value > 100))
      parameters.problems.push(`the parameter "${name}" is neither a number nor a percentage`);
    return value;
  };
  const words = [
    ...(parameters.text(leastName) === '' ? [] : [`at least ${parameters.text(leastName)}`]),
    ...(parameters.text(mostName) === '' ? [] : [`no more than ${parameters.text(mostName)}`]),
  ];
  return { least: read(leastName), most: read(mostName), words: words.join(' and ') };
}

function isWithin(written: unknown, { least, most }: Bounds): boolean {
  if (least === undefined && most === undefined) return true;
  const actual = readIntOrPercent(written);
  if (actual === undefined) return false;
  if (most !== undefined && (actual.isPercent !== most.isPercent || actual.value > most.value)) return false;
  return least === undefined || (actual.isPercent === least.isPercent && actual.value >= least.value);
}

/** Where a kind keeps how it replaces Pods, and what its parts are called; the type says which of them typed reading knows. */
const strategies: Readonly<
  Record<string, { readonly member: string; readonly rolling: string; readonly surge: boolean }>
> = {
  Deployment: { member: 'strategy', rolling: 'rollingUpdate', surge: true },
  DeploymentConfig: { member: 'strategy', rolling: 'rollingParams', surge: true },
  DaemonSet: { member: 'updateStrategy', rolling: 'rollingUpdate', surge: true },
  StatefulSet: { member: 'updateStrategy', rolling: 'rollingUpdate', surge: false },
};

export const updateConfigurationTemplate = defineTemplate({
  name: 'update-configuration',
  kinds: ['DeploymentLike'],
  parameters: [
    { name: 'strategyTypeRegex', type: 'text', required: true },
    { name: 'maxPodsUnavailable', type: 'text' },
    { name: 'minPodsUnavailable', type: 'text' },
    { name: 'maxSurge', type: 'text' },
    { name: 'minSurge', type: 'text' },
  ],
  instantiate: (parameters) => {
    const expression = parameters.text('strategyTypeRegex');
    const [pattern] = parameters.patterns('strategyTypeRegex');
    const unavailable = boundsOf(parameters, 'minPodsUnavailable', 'maxPodsUnavailable');
    const surge = boundsOf(parameters, 'minSurge', 'maxSurge');
    const needsParameters =
      RE2JS.compile('Rolling').matcher(expression).find() && `${unavailable.words}${surge.words}` !== '';
    return (resource) => {
      const known = podViewOf(resource) === undefined ? undefined : strategies[resource.kind];
      if (known === undefined) return [];
      const strategy = asObject(specOf(resource)[known.member]);
      const at = ['spec', known.member];
      const faults: ManifestFault[] = [];
      const type = asString(strategy?.['type']) ?? '';
      if (type !== '' && pattern !== undefined && !pattern.matcher(type).find())
        faults.push(fault([...at, 'type'], `object has ${type} strategy type but must match regex ${expression}`));
      const rolling = asObject(strategy?.[known.rolling]);
      if (rolling === undefined) {
        if (needsParameters) faults.push(fault(at, 'object has no rolling update parameters defined'));
        return faults;
      }
      if (!isWithin(rolling['maxUnavailable'], unavailable))
        faults.push(
          fault(
            [...at, known.rolling, 'maxUnavailable'],
            `object has a max unavailable of ${printed(rolling['maxUnavailable'])} but ${unavailable.words} is required`,
          ),
        );
      if (known.surge && !isWithin(rolling['maxSurge'], surge))
        faults.push(
          fault(
            [...at, known.rolling, 'maxSurge'],
            `object has a max surge of ${printed(rolling['maxSurge'])} but ${surge.words} is required`,
          ),
        );
      return faults;
    };
  },
});

export const jobLifetimeTemplate = defineTemplate({
  name: 'job-ttl-seconds-after-finished',
  kinds: ['JobLike'],
  parameters: [],
  instantiate: () => (resource) => {
    if (!isOfKind(resource, ['JobLike'])) return [];
    const spec = specOf(resource);
    const member = 'ttlSecondsAfterFinished';
    if (resource.kind === 'Job') {
      if (spec[member] !== undefined && spec[member] !== null) return [];
      return [fault(['spec', member], 'Standalone Job does not specify ttlSecondsAfterFinished')];
    }
    const managed = asObject(asObject(spec['jobTemplate'])?.['spec'])?.[member];
    if (managed === undefined || managed === null) return [];
    return [
      fault(
        ['spec', 'jobTemplate', 'spec', member],
        'Managed Job specifies ttlSecondsAfterFinished which might conflict with successfulJobsHistoryLimit and failedJobsHistoryLimit from CronJob that have default values. Final behaviour is determined by the strictest parameter, and therefore, setting ttlSecondsAfterFinished at the job level can result with unexpected behaviour with regard to finished jobs removal',
        'the CronJob sets ttlSecondsAfterFinished beside its own history limits, and the stricter one wins',
      ),
    ];
  },
});

export const volumeClaimAnnotationTemplate = defineTemplate({
  name: 'statefulset-volumeclaimtemplate-annotation',
  kinds: ['DeploymentLike'],
  parameters: [{ name: 'annotation', type: 'text', required: true }],
  instantiate: (parameters) => {
    const annotation = parameters.text('annotation');
    return (resource) => {
      if (!isOfKind(resource, ['StatefulSet'])) return [];
      return asArray(specOf(resource)['volumeClaimTemplates']).flatMap((item, index): ManifestFault[] => {
        const annotations = asObject(asObject(asObject(item)?.['metadata'])?.['annotations']);
        if ((annotations?.[annotation] ?? '') !== '') return [];
        return [
          fault(
            ['spec', 'volumeClaimTemplates', index],
            `StatefulSet's VolumeClaimTemplate is missing required annotation: ${annotation}`,
          ),
        ];
      });
    };
  },
});

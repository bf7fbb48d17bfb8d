// SPDX-License-Identifier: Apache-2.0
// Fields of an object that need not be as they were signed: those of the policy, and those that Kyverno and k8s-manifest-sigstore pass over in every object
// because somebody in the cluster fills them in (the default-config.yaml of both).
import type { JsonObject } from '../../../formats/document.ts';
import { asArray, asObject, asString, asStrings } from '../../../formats/document.ts';
import { matchesWildcard } from '../../../formats/wildcard.ts';

export interface FieldBinding {
  readonly fields: readonly string[];
  /** Which objects; empty: all. A part that is not named may be anything. */
  readonly objects: readonly JsonObject[];
}

/** What only the API server and controllers write. */
const ofTheServer: readonly FieldBinding[] = [
  {
    fields: [
      'metadata.managedFields',
      'metadata.resourceVersion',
      'metadata.selfLink',
      'metadata.uid',
      'metadata.generation',
      'metadata.creationTimestamp',
      'metadata.finalizers*',
      'metadata.annotations.kubectl.kubernetes.io/last-applied-configuration',
      'metadata.annotations.deployment.kubernetes.io/revision',
      'metadata.annotations.deprecated.daemonset.template.generation',
      'status',
    ],
    objects: [],
  },
];

/** What is filled in where a manifest says nothing. Kyverno passes it over also where the manifest says something else. */
const filledIn: readonly FieldBinding[] = [
  {
    fields: [
      'metadata.namespace',
      'metadata.annotations.namespace',
      'metadata.annotations.control-plane.alpha.kubernetes.io/leader',
      'metadata.labels.app.kubernetes.io/instance',
      'spec.containers.*.imagePullPolicy',
      'spec.containers.*.terminationMessagePath',
      'spec.containers.*.terminationMessagePolicy',
      'spec.dnsPolicy',
      'spec.restartPolicy',
      'spec.schedulerName',
      'spec.terminationGracePeriodSeconds',
    ],
    objects: [],
  },
  {
    fields: [
      'spec.volumes.*.name',
      'spec.volumes.*.projected.*',
      'spec.volumes.*.configMap.defaultMode',
      'spec.containers.*.volumeMounts.*',
      'spec.tolerations.*',
      'spec.enableServiceLinks',
      'spec.preemptionPolicy',
      'spec.priority',
      'spec.serviceAccount',
    ],
    objects: [{ kind: 'Pod' }],
  },
  {
    fields: [
      'spec.progressDeadlineSeconds',
      'spec.revisionHistoryLimit',
      'spec.strategy.*',
      'spec.template.metadata.creationTimestamp',
      'spec.containers.*.ports.*.protocol',
      'spec.containers.*.resources',
      'spec.securityContext',
    ],
    objects: [{ kind: 'Deployment' }],
  },
  {
    fields: ['spec.conversion.strategy', 'spec.names.listKind'],
    objects: [{ kind: 'CustomResourceDefinition' }],
  },
  {
    fields: [
      'spec.ports.*.nodePort',
      'spec.clusterIP',
      'spec.clusterIPs.0',
      'spec.sessionAffinity',
      'spec.type',
      'spec.ipFamilies.*',
      'spec.ipFamilyPolicy',
      'spec.internalTrafficPolicy',
    ],
    objects: [{ kind: 'Service' }],
  },
  {
    fields: [
      'metadata.annotations.pod-policies.kyverno.io/autogen-controllers',
      'spec.failurePolicy',
      'spec.background',
      'spec.validationFailureAction',
    ],
    objects: [{ kind: 'ClusterPolicy' }, { kind: 'Policy' }],
  },
  { fields: ['secrets.*.name', 'imagePullSecrets.*.name'], objects: [{ kind: 'ServiceAccount' }] },
  { fields: ['spec.host'], objects: [{ group: 'route.openshift.io', kind: 'Route' }] },
];

export function readFieldBindings(value: unknown): readonly FieldBinding[] {
  return asArray(value).map((item) => {
    const { fields, objects } = asObject(item) ?? {};
    return { fields: asStrings(fields), objects: asArray(objects).map((object) => asObject(object) ?? {}) };
  });
}

export interface IgnoredFields {
  /** Whatever they hold. */
  readonly always: (field: string) => boolean;
  /** Those that may also hold what the manifest does not say. */
  readonly filledIn: (field: string) => boolean;
}

/** The fields that do not count for one object. */
export function ignoredFieldsOf(object: JsonObject, own: readonly FieldBinding[]): IgnoredFields {
  return { always: testOf(object, [...ofTheServer, ...own]), filledIn: testOf(object, filledIn) };
}

function testOf(object: JsonObject, bindings: readonly FieldBinding[]): (field: string) => boolean {
  const forms = bindings.filter(({ objects }) => concerns(objects, object)).flatMap(({ fields }) => fields.map(formOf));
  return (field) => forms.some((form) => form.test(field));
}

function concerns(objects: readonly JsonObject[], object: JsonObject): boolean {
  if (objects.length === 0) return true;
  const apiVersion = asString(object['apiVersion']) ?? '';
  const slash = apiVersion.lastIndexOf('/');
  const metadata = asObject(object['metadata']);
  const parts: Readonly<Record<string, string>> = {
    group: slash === -1 ? '' : apiVersion.slice(0, slash),
    version: apiVersion.slice(slash + 1),
    kind: asString(object['kind']) ?? '',
    name: asString(metadata?.['name']) ?? '',
    namespace: asString(metadata?.['namespace']) ?? '',
  };
  return objects.some((wanted) =>
    Object.entries(parts).every(([part, value]) => {
      const glob = asString(wanted[part]) ?? '';
      return glob === '' || matchesWildcard(glob, value);
    }),
  );
}

const builtInGroups =
  /^(?:(?:apps|autoscaling|batch|policy|(?:admissionregistration|apiextensions|apiregistration|certificates|coordination|discovery|events|networking|node|rbac[.]authorization|scheduling|storage)[.]k8s[.]io)[/])?v[0-9][a-z0-9]*$/;
const emptyMaps =
  /(?:^|[.])(?:resources|limits|requests|securityContext|emptyDir|labels|annotations|matchLabels|nodeSelector|data|stringData|binaryData)$|^spec[.]podSelector$|^(?:webhooks[.][0-9]+|spec[.]matchConstraints)[.](?:namespace|object)Selector$/;

/**
 * Whether the API server writes an empty value of this field where there was none, or drops it, so that it says nothing. Elsewhere it may say something: a
 * `namespaceSelector: {}` is all namespaces.
 */
export function isAsGoodAsMissing(field: string, value: unknown, object: JsonObject): boolean {
  if (value === undefined || value === null || field.startsWith('metadata.')) return true;
  if (!builtInGroups.test(asString(object['apiVersion']) ?? '')) return false;
  return Array.isArray(value) || emptyMaps.test(field);
}

/** Stands for a dot within a key, so that the key `app.x` is no member of `app`. */
export const keyDot = '\u{f0001}';

/** A field and everything in it; `*` is a part of a path, or some of its letters. Matches no longer names, unlike Kyverno's. */
function formOf(field: string): RegExp {
  const escaped = field.slice(0, 1_000).replaceAll(/[\\^$.|?+()[\]{}/]/g, String.raw`\$&`);
  const dotted = escaped.replaceAll(String.raw`\.`, `[.${keyDot}]`);
  return new RegExp(`^${dotted.replaceAll(/\*+/g, '[^.]*')}(?:[.]|$)`, 'u');
}

// SPDX-License-Identifier: Apache-2.0
// Templates of KubeLinter about what a container is allowed to do and what it is given: privileges, capabilities, environment, image.

import type { JsonObject } from '../../../formats/document.ts';
import { asArray, asObject, asString } from '../../../formats/document.ts';
import type { KubernetesResource } from '../../../formats/kubernetes-yaml/resources.ts';
import type { ManifestFault } from '../manifest-check.ts';
import { quoted, quotedList } from './go-text.ts';
import { objectsIn, perContainer, podViewOf } from './pods.ts';
import { defineTemplate, fault, matchesAny } from './template.ts';

export const privilegedTemplate = defineTemplate({
  name: 'privileged',
  kinds: ['DeploymentLike'],
  parameters: [],
  instantiate: () =>
    perContainer(({ name, at, securityContext }) =>
      securityContext['privileged'] === true
        ? [fault([...at, 'securityContext', 'privileged'], `container ${quoted(name)} is privileged`)]
        : [],
    ),
});

export const privilegeEscalationTemplate = defineTemplate({
  name: 'privilege-escalation-container',
  kinds: ['DeploymentLike'],
  parameters: [],
  instantiate: () =>
    perContainer(({ name, at, securityContext }) => {
      const who = `container ${quoted(name)}`;
      const place = [...at, 'securityContext'];
      if (securityContext['allowPrivilegeEscalation'] === true)
        return [fault([...place, 'allowPrivilegeEscalation'], `${who} has AllowPrivilegeEscalation set to true.`)];
      if (securityContext['privileged'] === true)
        return [fault([...place, 'privileged'], `${who} is Privileged hence allows privilege escalation.`)];
      if (asArray(asObject(securityContext['capabilities'])?.['add']).includes('SYS_ADMIN'))
        return [
          fault(
            [...place, 'capabilities', 'add'],
            `${who} has SYS_ADMIN capability hence allows privilege escalation.`,
          ),
        ];
      return [];
    }),
});

export const readOnlyRootTemplate = defineTemplate({
  name: 'read-only-root-fs',
  kinds: ['DeploymentLike'],
  parameters: [],
  instantiate: () =>
    perContainer(({ name, at, securityContext }) =>
      securityContext['readOnlyRootFilesystem'] === true
        ? []
        : [
            fault(
              [...at, 'securityContext', 'readOnlyRootFilesystem'],
              `container ${quoted(name)} does not have a read-only root file system`,
            ),
          ],
    ),
});

export const unsafeProcMountTemplate = defineTemplate({
  name: 'unsafe-proc-mount',
  kinds: ['DeploymentLike'],
  parameters: [],
  instantiate: () =>
    perContainer(({ name, at, securityContext }) =>
      asString(securityContext['procMount'])?.toLowerCase() === 'unmasked'
        ? [
            fault(
              [...at, 'securityContext', 'procMount'],
              `container ${quoted(name)} exposes /proc unsafely (via procMount=Unmasked).`,
            ),
          ]
        : [],
    ),
});

export const runAsNonRootTemplate = defineTemplate({
  name: 'run-as-non-root',
  kinds: ['DeploymentLike'],
  parameters: [],
  instantiate: () =>
    perContainer(({ name, at, securityContext }, pod) => {
      const setting = (member: string): unknown => securityContext[member] ?? pod.securityContext[member] ?? undefined;
      const user = asNumber(setting('runAsUser'));
      const group = asNumber(setting('runAsGroup'));
      const faults: ManifestFault[] = [];
      const place = (member: string) => [...at, 'securityContext', member];
      const who = `container ${quoted(name)}`;
      if (group === 0) faults.push(fault(place('runAsGroup'), `${who} has runAsGroup set to 0`));
      if (user !== undefined && user > 0) return faults;
      if (setting('runAsNonRoot') !== true)
        faults.push(fault(place('runAsNonRoot'), `${who} is not set to runAsNonRoot`));
      else if (user === 0)
        faults.push(fault(place('runAsUser'), `${who} is set to runAsNonRoot, but runAsUser set to 0`));
      return faults;
    }),
});

function asNumber(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

const all = /^all$/i;

export const capabilitiesTemplate = defineTemplate({
  name: 'verify-container-capabilities',
  kinds: ['DeploymentLike'],
  parameters: [
    { name: 'forbiddenCapabilities', type: 'texts' },
    { name: 'exceptions', type: 'texts' },
  ],
  instantiate: (parameters) => {
    const forbidden = parameters.texts('forbiddenCapabilities');
    const exceptions = parameters.texts('exceptions');
    const forbidsAll = forbidden.some((name) => all.test(name));
    if (forbidsAll && forbidden.length > 1)
      parameters.problems.push('forbiddenCapabilities names "all" beside other capabilities');
    if (!forbidsAll && exceptions.length > 0)
      parameters.problems.push('exceptions count only when all capabilities are forbidden');
    if (exceptions.some((name) => all.test(name))) parameters.problems.push('exceptions must not name "all"');
    const named = forbidsAll
      ? []
      : forbidden.map((name) => ({ name, matches: parameters.matcherOf(name, 'forbiddenCapabilities') }));
    const excepted = exceptions.map((name) => parameters.matcherOf(name, 'exceptions'));
    return perContainer(({ name, at, securityContext }) => {
      const capabilities = asObject(securityContext['capabilities']);
      if (capabilities === undefined) return [];
      const added = asArray(capabilities['add']).map(String);
      const dropped = asArray(capabilities['drop']).map(String);
      const who = `container ${quoted(name)}`;
      const place = [...at, 'securityContext', 'capabilities'];
      const faults: ManifestFault[] = [];
      if (forbidsAll) {
        for (const one of added.filter((candidate) => !excepted.some((matches) => matches(candidate))))
          faults.push(
            fault(
              [...place, 'add'],
              `${who} has ADD capability: ${quoted(one)}, but no capabilities should be added at all and this capability is not included in the exceptions list`,
            ),
          );
        if (!dropped.some((one) => all.test(one)))
          faults.push(
            fault(
              [...place, 'drop'],
              `${who} has DROP capabilities: ${quotedList(dropped)}, but in fact all capabilities are required to be dropped`,
            ),
          );
        return faults;
      }
      for (const { matches } of named)
        for (const one of added.filter((candidate) => matches(candidate) || all.test(candidate)))
          faults.push(
            fault(
              [...place, 'add'],
              `${who} has ADD capability: ${quoted(one)}, which matched with the forbidden capability for containers`,
            ),
          );
      for (const { name: wanted, matches } of named)
        if (!dropped.some((one) => matches(one) || all.test(one)))
          faults.push(
            fault(
              [...place, 'drop'],
              `${who} has DROP capabilities: ${quotedList(dropped)}, but does not drop capability ${quoted(wanted)} which is required`,
            ),
          );
      return faults;
    });
  },
});

function environmentOf(container: JsonObject, at: readonly (string | number)[]) {
  return objectsIn(container['env'], [...at, 'env']).map(({ value, at: place }) => ({
    name: asString(value['name']) ?? '',
    value: asString(value['value']) ?? '',
    valueFrom: asObject(value['valueFrom']),
    at: place,
  }));
}

export const environmentVariableTemplate = defineTemplate({
  name: 'env-var',
  kinds: ['DeploymentLike'],
  parameters: [
    { name: 'name', type: 'text', required: true },
    { name: 'value', type: 'text' },
  ],
  instantiate: (parameters) => {
    const matchesName = parameters.matcher('name');
    const matchesValue = parameters.matcher('value');
    return perContainer(({ name, at, container }) =>
      environmentOf(container, at)
        .filter((variable) => matchesName(variable.name) && matchesValue(variable.value))
        .map((variable) =>
          fault(variable.at, `environment variable ${variable.name} in container ${quoted(name)} found`),
        ),
    );
  },
});

export const duplicateVariableTemplate = defineTemplate({
  name: 'duplicate-env-var',
  kinds: ['DeploymentLike'],
  parameters: [],
  instantiate: () =>
    perContainer(({ name, at, container }) => {
      const seen = new Map<string, number>();
      return environmentOf(container, at).flatMap((variable) => {
        const times = (seen.get(variable.name) ?? 0) + 1;
        seen.set(variable.name, times);
        if (times !== 2) return [];
        return [
          fault(
            variable.at,
            `Duplicate environment variable ${variable.name} in container ${quoted(name)} found`,
            `the container ${name} sets ${variable.name} more than once`,
          ),
        ];
      });
    }),
});

export const readSecretTemplate = defineTemplate({
  name: 'read-secret-from-env-var',
  kinds: ['DeploymentLike'],
  parameters: [],
  instantiate: () =>
    perContainer(({ name, at, container }) =>
      environmentOf(container, at)
        .filter(({ valueFrom }) => asObject(valueFrom?.['secretKeyRef']) !== undefined)
        .map((variable) =>
          fault(
            variable.at,
            `environment variable ${quoted(variable.name)} in container ${quoted(name)} uses SecretKeyRef`,
          ),
        ),
    ),
});

const referenced = [
  { member: 'secretKeyRef', kind: 'Secret', words: 'secret', data: ['data', 'stringData'], ignored: 'ignoredSecrets' },
  {
    member: 'configMapKeyRef',
    kind: 'ConfigMap',
    words: 'config map',
    data: ['data', 'binaryData'],
    ignored: 'ignoredConfigMaps',
  },
] as const;

export const environmentReferenceTemplate = defineTemplate({
  name: 'env-value-from',
  kinds: ['DeploymentLike'],
  parameters: [
    { name: 'ignoredSecrets', type: 'texts' },
    { name: 'ignoredConfigMaps', type: 'texts' },
  ],
  instantiate: (parameters) => {
    const ignored = new Map(referenced.map((one) => [one.kind, parameters.patterns(one.ignored)]));
    return (resource, set) =>
      (podViewOf(resource)?.containers ?? []).flatMap((view) =>
        environmentOf(view.container, view.at).flatMap((variable) =>
          referenced.flatMap((one) => {
            const reference = asObject(variable.valueFrom?.[one.member]);
            if (reference === undefined || reference['optional'] === true) return [];
            const target = asString(reference['name']) ?? '';
            if (matchesAny(ignored.get(one.kind) ?? [], target)) return [];
            const at = [...variable.at, 'valueFrom', one.member];
            const who = `The container ${quoted(view.name)} is referring to an unknown`;
            const object = lastNamed(set.ofKind(one.kind), target);
            if (object === undefined) return [fault(at, `${who} ${one.words} ${quoted(target)}`)];
            const key = asString(reference['key']) ?? '';
            const keys = one.data.flatMap((member) => Object.keys(asObject(object.object[member]) ?? {}));
            if (keys.includes(key)) return [];
            return [fault(at, `${who} key ${quoted(key)} in ${one.words} ${quoted(target)}`)];
          }),
        ),
      );
  },
});

function lastNamed(resources: readonly KubernetesResource[], name: string): KubernetesResource | undefined {
  return resources.findLast((resource) => (resource.name ?? '') === name);
}

export const latestTagTemplate = defineTemplate({
  name: 'latest-tag',
  kinds: ['DeploymentLike'],
  parameters: [
    { name: 'blockList', type: 'texts' },
    { name: 'allowList', type: 'texts' },
  ],
  instantiate: (parameters) => {
    const blocked = parameters.patterns('blockList');
    const allowed = parameters.patterns('allowList');
    if (blocked.length > 0 && allowed.length > 0)
      parameters.problems.push('only one of blockList and allowList can be used');
    const printed = {
      blocked: quotedList(parameters.texts('blockList')),
      allowed: quotedList(parameters.texts('allowList')),
    };
    return perContainer(({ name, at, container }) => {
      const image = asString(container['image']) ?? '';
      const who = `The container ${quoted(name)} is using an invalid container image, ${quoted(image)}. Please use images that`;
      if (blocked.length > 0 && matchesAny(blocked, image))
        return [
          fault(
            [...at, 'image'],
            `${who} are not blocked by the \`BlockList\` criteria : ${printed.blocked}`,
            `the image ${quoted(image)} of container ${quoted(name)} has no fixed tag`,
          ),
        ];
      if (allowed.length > 0 && !matchesAny(allowed, image))
        return [fault([...at, 'image'], `${who} satisfies the \`AllowList\` criteria : ${printed.allowed}`)];
      return [];
    });
  },
});

export const imagePullPolicyTemplate = defineTemplate({
  name: 'image-pull-policy',
  kinds: ['DeploymentLike'],
  parameters: [{ name: 'forbiddenPolicies', type: 'texts' }],
  instantiate: (parameters) => {
    const forbidden = parameters.texts('forbiddenPolicies');
    return perContainer(({ name, at, container }) => {
      const policy = asString(container['imagePullPolicy']) ?? '';
      if (!forbidden.includes(policy)) return [];
      return [fault([...at, 'imagePullPolicy'], `container ${quoted(name)} has imagePullPolicy set to ${policy}`)];
    });
  },
});

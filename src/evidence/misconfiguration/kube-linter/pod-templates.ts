// SPDX-License-Identifier: Apache-2.0
// Templates of KubeLinter about the Pod as a whole: namespaces and directories of the host, sysctls, service account, scheduling, resources.

import type { DocumentPath, JsonObject } from '../../../formats/document.ts';
import { asArray, asObject, asString } from '../../../formats/document.ts';
import { formatKubernetesQuantity, nanoUnit, parseKubernetesQuantity } from '../../../formats/kubernetes-quantity.ts';
import type { ManifestFault } from '../manifest-check.ts';
import { printed, printedList, quoted } from './go-text.ts';
import { isInSameNamespace, objectsIn, perContainer, perPod, podViewOf } from './pods.ts';
import type { TemplateParameters } from './template.ts';
import { defineTemplate, fault, matchesAny } from './template.ts';

function hostNamespaceTemplate(name: string, { member, words }: { readonly member: string; readonly words: string }) {
  return defineTemplate({
    name,
    kinds: ['DeploymentLike'],
    parameters: [],
    instantiate: () =>
      perPod(({ spec, specAt }) =>
        spec[member] === true ? [fault([...specAt, member], `${words} (via ${member}=true).`)] : [],
      ),
  });
}

export const hostIpcTemplate = hostNamespaceTemplate('host-ipc', {
  member: 'hostIPC',
  words: "resource shares host's IPC namespace",
});

export const hostNetworkTemplate = hostNamespaceTemplate('host-network', {
  member: 'hostNetwork',
  words: "resource shares host's network namespace",
});

export const hostPidTemplate = hostNamespaceTemplate('host-pid', {
  member: 'hostPID',
  words: "object shares the host's process namespace",
});

interface HostVolume {
  readonly name: string;
  readonly path: string;
}

function hostVolumesOf(spec: JsonObject): readonly HostVolume[] {
  return asArray(spec['volumes']).flatMap((item): HostVolume[] => {
    const volume = asObject(item);
    const hostPath = asObject(volume?.['hostPath']);
    if (hostPath === undefined) return [];
    return [{ name: asString(volume?.['name']) ?? '', path: asString(hostPath['path']) ?? '' }];
  });
}

function mountsOf(container: JsonObject, at: DocumentPath) {
  return objectsIn(container['volumeMounts'], [...at, 'volumeMounts']);
}

export const hostMountsTemplate = defineTemplate({
  name: 'host-mounts',
  kinds: ['DeploymentLike'],
  parameters: [{ name: 'dirs', type: 'texts', required: true }],
  instantiate: (parameters) => {
    const patterns = parameters.patterns('dirs');
    return perPod(({ spec, containers }) =>
      hostVolumesOf(spec).flatMap((volume) =>
        patterns
          .filter((pattern) => matchesAny([pattern], volume.path))
          .flatMap(() => containers)
          .flatMap(({ name, container, at }) =>
            mountsOf(container, at)
              .filter(({ value }) => (asString(value['name']) ?? '') === volume.name)
              .map((mount) =>
                fault(mount.at, `host system directory ${quoted(volume.path)} is mounted on container ${quoted(name)}`),
              ),
          ),
      ),
    );
  },
});

export const writableHostMountTemplate = defineTemplate({
  name: 'writable-host-mount',
  kinds: ['DeploymentLike'],
  parameters: [],
  instantiate: () =>
    perPod(({ spec, containers }) => {
      const volumes = new Map(hostVolumesOf(spec).map(({ name, path }) => [name, path]));
      return containers.flatMap(({ name, container, at }) =>
        mountsOf(container, at).flatMap((mount) => {
          const path = volumes.get(asString(mount.value['name']) ?? '');
          if (path === undefined || mount.value['readOnly'] === true) return [];
          return [fault(mount.at, `container ${name} mounts path ${path} on the host as writable`)];
        }),
      );
    }),
});

export const unsafeSysctlsTemplate = defineTemplate({
  name: 'unsafe-sysctls',
  kinds: ['DeploymentLike'],
  parameters: [{ name: 'unsafeSysCtls', type: 'texts' }],
  instantiate: (parameters) => {
    const prefixes = parameters.texts('unsafeSysCtls');
    return perPod(({ securityContext, specAt }) =>
      objectsIn(securityContext['sysctls'], [...specAt, 'securityContext', 'sysctls']).flatMap(({ value, at }) => {
        const name = asString(value['name']) ?? '';
        return prefixes
          .filter((prefix) => name.startsWith(prefix))
          .map(() => fault(at, `resource specifies unsafe sysctl ${quoted(name)}.`));
      }),
    );
  },
});

function accountOf(spec: JsonObject): { readonly account: string; readonly member: string } {
  const named = asString(spec['serviceAccountName']) ?? '';
  if (named !== '') return { account: named, member: 'serviceAccountName' };
  return { account: asString(spec['serviceAccount']) ?? '', member: 'serviceAccount' };
}

export const serviceAccountTemplate = defineTemplate({
  name: 'service-account',
  kinds: ['DeploymentLike'],
  parameters: [{ name: 'serviceAccount', type: 'text', required: true }],
  instantiate: (parameters) => {
    const matches = parameters.matcher('serviceAccount');
    return perPod(({ spec, specAt }) => {
      if (spec['automountServiceAccountToken'] === false) return [];
      const { account, member } = accountOf(spec);
      return matches(account) ? [fault([...specAt, member], `found matching serviceAccount (${quoted(account)})`)] : [];
    });
  },
});

export const deprecatedAccountFieldTemplate = defineTemplate({
  name: 'deprecated-service-account-field',
  kinds: ['DeploymentLike'],
  parameters: [],
  instantiate: () =>
    perPod(({ spec, specAt }) => {
      const account = asString(spec['serviceAccount']) ?? '';
      if (account === '') return [];
      return [
        fault(
          [...specAt, 'serviceAccount'],
          `serviceAccount is specified (${account}), but this field is deprecated; use serviceAccountName instead`,
          `the account ${account} is named in the old field serviceAccount`,
        ),
      ];
    }),
});

export const missingAccountTemplate = defineTemplate({
  name: 'non-existent-service-account',
  kinds: ['DeploymentLike'],
  parameters: [],
  instantiate: () => (resource, set) => {
    const pod = podViewOf(resource);
    if (pod === undefined) return [];
    const { account, member } = accountOf(pod.spec);
    if (account === '' || account === 'default') return [];
    const isThere = set
      .ofKind('ServiceAccount')
      .some((other) => other.apiVersion === 'v1' && isInSameNamespace(other, resource) && other.name === account);
    return isThere ? [] : [fault([...pod.specAt, member], `serviceAccount ${quoted(account)} not found`)];
  },
});

export const nodeAffinityTemplate = defineTemplate({
  name: 'no-node-affinity',
  kinds: ['DeploymentLike'],
  parameters: [],
  instantiate: () =>
    perPod(({ spec, specAt }) =>
      asObject(asObject(spec['affinity'])?.['nodeAffinity']) === undefined
        ? [fault([...specAt, 'affinity'], 'object does not define any node affinity rules.')]
        : [],
    ),
});

export const dnsConfigTemplate = defineTemplate({
  name: 'dnsconfig-options',
  kinds: ['DeploymentLike'],
  parameters: [
    { name: 'key', type: 'text' },
    { name: 'value', type: 'text' },
  ],
  instantiate: (parameters) => {
    const key = parameters.text('key');
    const value = parameters.text('value');
    return perPod(({ spec, specAt }) => {
      const config = asObject(spec['dnsConfig']);
      if (config === undefined) return [fault([...specAt, 'dnsConfig'], 'Object does not define any DNSConfig rules.')];
      const at = [...specAt, 'dnsConfig', 'options'];
      if (!Array.isArray(config['options'])) return [fault(at, 'Object does not define any DNSConfig Options.')];
      const isSet = objectsIn(config['options'], at).some(
        (option) => option.value['name'] === key && option.value['value'] === value,
      );
      return isSet ? [] : [fault(at, `DNSConfig Options "${key}:${value}" not found.`)];
    });
  },
});

const acceptedRestartPolicies = ['Always', 'OnFailure'];

export const restartPolicyTemplate = defineTemplate({
  name: 'restart-policy',
  kinds: ['DeploymentLike'],
  parameters: [],
  instantiate: () =>
    perPod(({ spec, specAt }) => {
      const policy = asString(spec['restartPolicy']) ?? '';
      if (acceptedRestartPolicies.includes(policy)) return [];
      return [
        fault(
          [...specAt, 'restartPolicy'],
          `object has a restart policy defined with '${policy}' but the only accepted restart policies are '${printedList(acceptedRestartPolicies)}'`,
        ),
      ];
    }),
});

export const priorityClassTemplate = defineTemplate({
  name: 'priority-class-name',
  kinds: ['DeploymentLike'],
  parameters: [{ name: 'acceptedPriorityClassNames', type: 'texts' }],
  instantiate: (parameters) => {
    const accepted = parameters.texts('acceptedPriorityClassNames');
    return perPod(({ spec, specAt }) => {
      const name = asString(spec['priorityClassName']) ?? '';
      if (name.trim() === '' || accepted.includes(name)) return [];
      return [
        fault(
          [...specAt, 'priorityClassName'],
          `object has a priority class name defined with '${name}' but the only accepted priority class names are '${printedList(accepted)}'`,
        ),
      ];
    });
  },
});

interface ResourceRange {
  readonly resource: 'cpu' | 'memory';
  readonly unit: 'milli' | 'one';
  readonly lower: number;
  readonly upper: number;
  readonly types: readonly { readonly word: string; readonly member: string }[];
}

const requirementTypes = [
  { word: 'request', member: 'requests' },
  { word: 'limit', member: 'limits' },
];

function typesFor(parameters: TemplateParameters) {
  const wanted = parameters.text('requirementsType');
  return requirementTypes.filter(({ word }) => wanted === 'any' || wanted === word);
}

function requirementsIn({ resource, unit, lower, upper, types }: ResourceRange) {
  return perContainer(({ name, at, container }) =>
    types.flatMap(({ word, member }): ManifestFault[] => {
      const written = asObject(asObject(container['resources'])?.[member])?.[resource];
      const quantity = parseKubernetesQuantity(written === undefined || written === null ? '0' : printed(written));
      if (quantity === undefined) return [];
      const value = Number(roundedUp(quantity.nano, unit === 'milli' ? nanoUnit / 1000n : nanoUnit));
      if (value < lower || value > upper) return [];
      return [
        fault(
          [...at, 'resources', member, resource],
          `container ${quoted(name)} has ${resource} ${word} ${formatKubernetesQuantity(quantity)}`,
        ),
      ];
    }),
  );
}

/** As Quantity.Value and MilliValue round. */
function roundedUp(nano: bigint, unit: bigint): bigint {
  const whole = nano / unit;
  return nano > whole * unit ? whole + 1n : whole;
}

export const cpuRequirementsTemplate = defineTemplate({
  name: 'cpu-requirements',
  kinds: ['DeploymentLike'],
  parameters: [
    { name: 'requirementsType', type: 'text', required: true, values: ['request', 'limit', 'any'] },
    { name: 'lowerBoundMillis', type: 'number' },
    { name: 'upperBoundMillis', type: 'number' },
  ],
  instantiate: (parameters) =>
    requirementsIn({
      resource: 'cpu',
      unit: 'milli',
      lower: parameters.number('lowerBoundMillis') ?? 0,
      upper: parameters.number('upperBoundMillis') ?? Number.POSITIVE_INFINITY,
      types: typesFor(parameters),
    }),
});

const megabyte = 1024 * 1024;

export const memoryRequirementsTemplate = defineTemplate({
  name: 'memory-requirements',
  kinds: ['DeploymentLike'],
  parameters: [
    { name: 'requirementsType', type: 'text', required: true, values: ['request', 'limit', 'any'] },
    { name: 'lowerBoundMB', type: 'number' },
    { name: 'upperBoundMB', type: 'number' },
  ],
  instantiate: (parameters) => {
    const upper = parameters.number('upperBoundMB');
    return requirementsIn({
      resource: 'memory',
      unit: 'one',
      lower: (parameters.number('lowerBoundMB') ?? 0) * megabyte,
      upper: upper === undefined ? Number.POSITIVE_INFINITY : upper * megabyte,
      types: typesFor(parameters),
    });
  },
});

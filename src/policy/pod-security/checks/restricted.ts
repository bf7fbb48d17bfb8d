// SPDX-License-Identifier: Apache-2.0
// Checks of the restricted level: volumes, privilege escalation, running as root, seccomp, capabilities.

import type { DocumentPath, JsonObject } from '../../../formats/document.ts';
import { asArray, asObject, asString, asStrings } from '../../../formats/document.ts';
import type { PodChange, PodSecurityCheck, PodUnderTest, Violation } from '../check.ts';
import { forContainers, namesOf, userNamespaceSince, windowsExemptSince } from '../check.ts';
import { addedCapabilities } from './kernel-access.ts';

const allowedVolumes = new Set([
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret',
]);

export const restrictedVolumes: PodSecurityCheck = {
  id: 'restrictedVolumes',
  level: 'restricted',
  since: 0,
  overrides: ['hostPathVolumes'],
  evaluate: ({ spec }) => {
    const found = asArray(spec['volumes']).flatMap((volume, index) => {
      const object = asObject(volume) ?? {};
      const type = Object.keys(object).find((key) => key !== 'name' && object[key] !== null);
      if (type === undefined || allowedVolumes.has(type)) return [];
      return [{ name: asString(object['name']) ?? String(index), type, index }];
    });
    if (found.length === 0) return undefined;
    const types = [...new Set(found.map(({ type }) => type))].toSorted();
    const names = found.map(({ name }) => JSON.stringify(name)).join(', ');
    return {
      reason: 'restricted volume types',
      detail: `${found.length === 1 ? 'volume' : 'volumes'} ${names} ${found.length === 1 ? 'uses' : 'use'} ${types.join(', ')}`,
      at: found.map(({ index, type }) => ['spec', 'volumes', index, type]),
      changes: [],
    };
  },
};

function isExempt(pod: PodUnderTest, minor: number): boolean {
  return pod.isWindows && minor >= windowsExemptSince;
}

const noEscalation = forContainers('allowPrivilegeEscalation != false', {
  isBad: ({ securityContext }) => securityContext['allowPrivilegeEscalation'] !== false,
  must: 'set securityContext.allowPrivilegeEscalation=false',
  member: ['securityContext', 'allowPrivilegeEscalation'],
  change: ({ at }) => ({ op: 'set', at: [...at, 'securityContext', 'allowPrivilegeEscalation'], value: false }),
});

export const allowPrivilegeEscalation: PodSecurityCheck = {
  id: 'allowPrivilegeEscalation',
  level: 'restricted',
  since: 8,
  evaluate: (pod, minor) => (isExempt(pod, minor) ? undefined : noEscalation(pod)),
};

interface Inherited {
  readonly reason: string;
  readonly member: string;
  readonly must: string;
  /** `good`, `bad`, or undefined where the member is not set. */
  readonly judge: (context: JsonObject) => 'good' | 'bad' | undefined;
  readonly value: unknown;
}

/** A setting that containers inherit from the Pod: whoever sets it must set it well, and one of the two must set it. */
function inherited(rule: Inherited, { securityContext, containers }: PodUnderTest): Violation | undefined {
  const ofPod = rule.judge(securityContext);
  const bad = containers.filter((container) => rule.judge(container.securityContext) === 'bad');
  const missing =
    ofPod === 'good' ? [] : containers.filter((container) => rule.judge(container.securityContext) === undefined);
  const podPath: DocumentPath = ['spec', 'securityContext', ...rule.member.split('.')];
  const member = ['securityContext', ...rule.member.split('.')];
  if (bad.length > 0 || ofPod === 'bad') {
    const setters = [...(ofPod === 'bad' ? ['pod'] : []), ...(bad.length === 0 ? [] : [namesOf(bad)])];
    const places = [...(ofPod === 'bad' ? [podPath] : []), ...bad.map(({ at }) => [...at, ...member])];
    return {
      reason: rule.reason,
      detail: `${setters.join(' and ')} must not set securityContext.${rule.member} otherwise than ${rule.must}`,
      at: places,
      changes: [
        { op: 'set', at: podPath, value: rule.value },
        ...bad.map(
          ({ at }): PodChange => ({ op: 'remove', at: [...at, 'securityContext', rule.member.split('.')[0] ?? ''] }),
        ),
      ],
    };
  }
  if (missing.length === 0) return undefined;
  return {
    reason: rule.reason,
    detail: `pod or ${namesOf(missing)} must set securityContext.${rule.member} to ${rule.must}`,
    at: [podPath],
    changes: [{ op: 'set', at: podPath, value: rule.value }],
  };
}

export const runAsNonRoot: PodSecurityCheck = {
  id: 'runAsNonRoot',
  level: 'restricted',
  since: 0,
  evaluate: (pod, minor) =>
    minor >= userNamespaceSince && pod.hasUserNamespace
      ? undefined
      : inherited(
          {
            reason: 'runAsNonRoot != true',
            member: 'runAsNonRoot',
            must: 'true',
            judge: ({ runAsNonRoot: value }) => (value === true ? 'good' : value === false ? 'bad' : undefined),
            value: true,
          },
          pod,
        ),
};

export const runAsUser: PodSecurityCheck = {
  id: 'runAsUser',
  level: 'restricted',
  since: 23,
  evaluate: ({ securityContext, containers, hasUserNamespace }, minor) => {
    if (minor >= userNamespaceSince && hasUserNamespace) return undefined;
    const bad = containers.filter((container) => container.securityContext['runAsUser'] === 0);
    const isPodBad = securityContext['runAsUser'] === 0;
    if (bad.length === 0 && !isPodBad) return undefined;
    const setters = [...(isPodBad ? ['pod'] : []), ...(bad.length === 0 ? [] : [namesOf(bad)])];
    const member = ['securityContext', 'runAsUser'];
    const places = [...(isPodBad ? [['spec', ...member]] : []), ...bad.map(({ at }) => [...at, ...member])];
    return {
      reason: 'runAsUser=0',
      detail: `${setters.join(' and ')} must not set runAsUser=0`,
      at: places,
      changes: places.map((at): PodChange => ({ op: 'remove', at })),
    };
  },
};

export const seccompProfileRestricted: PodSecurityCheck = {
  id: 'seccompProfile_restricted',
  level: 'restricted',
  since: 19,
  overrides: ['seccompProfile_baseline'],
  evaluate: (pod, minor) =>
    isExempt(pod, minor)
      ? undefined
      : inherited(
          {
            reason: 'seccompProfile',
            member: 'seccompProfile.type',
            must: '"RuntimeDefault" or "Localhost"',
            judge: (context) => {
              const type = asString(asObject(context['seccompProfile'])?.['type']);
              if (type === undefined) return undefined;
              return type === 'RuntimeDefault' || type === 'Localhost' ? 'good' : 'bad';
            },
            value: 'RuntimeDefault',
          },
          pod,
        ),
};

export const capabilitiesRestricted: PodSecurityCheck = {
  id: 'capabilities_restricted',
  level: 'restricted',
  since: 22,
  overrides: ['capabilities_baseline'],
  evaluate: (pod, minor) => {
    if (isExempt(pod, minor)) return undefined;
    const member = ['securityContext', 'capabilities'];
    const keeps = pod.containers.filter(
      ({ securityContext }) => !asStrings(asObject(securityContext['capabilities'])?.['drop']).includes('ALL'),
    );
    const adds = pod.containers.filter((container) =>
      addedCapabilities(container).some((name) => name !== 'NET_BIND_SERVICE'),
    );
    if (keeps.length === 0 && adds.length === 0) return undefined;
    const details = [
      ...(keeps.length === 0 ? [] : [`${namesOf(keeps)} must set securityContext.capabilities.drop=["ALL"]`]),
      ...(adds.length === 0 ? [] : [`${namesOf(adds)} must not add any but "NET_BIND_SERVICE"`]),
    ];
    return {
      reason: 'unrestricted capabilities',
      detail: details.join('; '),
      at: [...new Set([...keeps, ...adds])].map(({ at }) => [...at, ...member]),
      changes: [
        ...keeps.map(({ at }): PodChange => ({ op: 'set', at: [...at, ...member, 'drop'], value: ['ALL'] })),
        ...adds.map((container): PodChange => {
          const value = addedCapabilities(container).filter((name) => name === 'NET_BIND_SERVICE');
          return { op: 'set', at: [...container.at, ...member, 'add'], value };
        }),
      ],
    };
  },
};

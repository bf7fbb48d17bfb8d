// SPDX-License-Identifier: Apache-2.0
// Baseline checks of what stands between a container and the kernel: capabilities, AppArmor, SELinux, seccomp, /proc, sysctls.

import type { DocumentPath, JsonObject } from '../../../formats/document.ts';
import { asArray, asObject, asString, asStrings } from '../../../formats/document.ts';
import type { PodChange, PodContainer, PodSecurityCheck, PodUnderTest, Violation } from '../check.ts';
import { forContainers, namesOf, userNamespaceSince } from '../check.ts';

/** Capabilities that container runtimes give anyway. */
const defaultCapabilities = new Set(
  (
    'AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID ' +
    'SYS_CHROOT'
  ).split(' '),
);

export function addedCapabilities({ securityContext }: PodContainer): readonly string[] {
  return asStrings(asObject(securityContext['capabilities'])?.['add']);
}

export const capabilitiesBaseline: PodSecurityCheck = {
  id: 'capabilities_baseline',
  level: 'baseline',
  since: 0,
  evaluate: ({ containers }) => {
    const isForbidden = (name: string): boolean => !defaultCapabilities.has(name);
    const bad = containers.filter((container) => addedCapabilities(container).some(isForbidden));
    if (bad.length === 0) return undefined;
    const names = [...new Set(bad.flatMap(addedCapabilities).filter(isForbidden))].toSorted();
    const member = ['securityContext', 'capabilities', 'add'];
    return {
      reason: 'non-default capabilities',
      detail: `${namesOf(bad)} must not include ${names.map((name) => JSON.stringify(name)).join(', ')} in securityContext.capabilities.add`,
      at: bad.map(({ at }) => [...at, ...member]),
      changes: bad.map((container): PodChange => {
        const value = addedCapabilities(container).filter((name) => !isForbidden(name));
        return { op: 'set', at: [...container.at, ...member], value };
      }),
    };
  },
};

const appArmorPrefix = 'container.apparmor.security.beta.kubernetes.io/';

function isForbiddenAppArmor(profile: string): boolean {
  return profile !== '' && profile !== 'runtime/default' && !profile.startsWith('localhost/');
}

/** Members of pod and containers whose `type` is set and not among the allowed ones. */
function forbiddenProfiles(pod: PodUnderTest, member: 'appArmorProfile' | 'seccompProfile'): DocumentPath[] {
  const isForbidden = (context: JsonObject): boolean => {
    const type = asString(asObject(context[member])?.['type']);
    return type !== undefined && type !== 'RuntimeDefault' && type !== 'Localhost';
  };
  const path = ['securityContext', member, 'type'];
  return [
    ...(isForbidden(pod.securityContext) ? [['spec', ...path]] : []),
    ...pod.containers.filter(({ securityContext }) => isForbidden(securityContext)).map(({ at }) => [...at, ...path]),
  ];
}

export const appArmorProfile: PodSecurityCheck = {
  id: 'appArmorProfile',
  level: 'baseline',
  since: 0,
  evaluate: (pod) => {
    const annotated = Object.entries(pod.annotations).filter(
      ([key, value]) => key.startsWith(appArmorPrefix) && isForbiddenAppArmor(asString(value) ?? ''),
    );
    const fields = forbiddenProfiles(pod, 'appArmorProfile');
    if (annotated.length === 0 && fields.length === 0) return undefined;
    const places = [...annotated.map(([key]) => ['metadata', 'annotations', key]), ...fields];
    return {
      reason: places.length === 1 ? 'forbidden AppArmor profile' : 'forbidden AppArmor profiles',
      detail: places.map((at) => at.join('.')).join(', '),
      at: places,
      changes: [
        ...annotated.map(([key]): PodChange => ({ op: 'remove', at: ['metadata', 'annotations', key] })),
        ...fields.map((at): PodChange => ({ op: 'set', at, value: 'RuntimeDefault' })),
      ],
    };
  },
};

const seLinuxTypes = ['', 'container_t', 'container_init_t', 'container_kvm_t'];
const engineTypeSince = 31;

export const seLinuxOptions: PodSecurityCheck = {
  id: 'seLinuxOptions',
  level: 'baseline',
  since: 0,
  evaluate: ({ securityContext, containers }, minor) => {
    const allowed = minor >= engineTypeSince ? [...seLinuxTypes, 'container_engine_t'] : seLinuxTypes;
    const contexts = [
      { at: ['spec'] as DocumentPath, context: securityContext },
      ...containers.map((container) => ({ at: container.at, context: container.securityContext })),
    ];
    const places = contexts.flatMap(({ at, context }) => {
      const options = asObject(context['seLinuxOptions']);
      const isForbidden = (member: string): boolean => {
        const value = asString(options?.[member]) ?? '';
        return member === 'type' ? !allowed.includes(value) : value !== '';
      };
      return ['type', 'user', 'role']
        .filter(isForbidden)
        .map((member) => [...at, 'securityContext', 'seLinuxOptions', member]);
    });
    if (places.length === 0) return undefined;
    return {
      reason: 'seLinuxOptions',
      detail: `${places.map((at) => at.join('.')).join(', ')} must not be set, or must be a type made for containers`,
      at: places,
      changes: places.map((at): PodChange => ({ op: 'remove', at })),
    };
  },
};

function procMountOf({ containers }: PodUnderTest): Violation | undefined {
  return forContainers('procMount', {
    isBad: ({ securityContext }) => ![undefined, null, 'Default'].includes(securityContext['procMount'] as string),
    must: 'not set securityContext.procMount to anything but "Default"',
    member: ['securityContext', 'procMount'],
    change: ({ at }) => ({ op: 'remove', at: [...at, 'securityContext', 'procMount'] }),
  })({ containers } as PodUnderTest);
}

export const procMount: PodSecurityCheck = {
  id: 'procMount',
  level: 'baseline',
  since: 0,
  evaluate: (pod, minor) => (minor >= userNamespaceSince && pod.hasUserNamespace ? undefined : procMountOf(pod)),
};

export const procMountRestricted: PodSecurityCheck = {
  id: 'procMount_restricted',
  level: 'restricted',
  since: userNamespaceSince,
  overrides: ['procMount'],
  evaluate: procMountOf,
};

const seccompPodAnnotation = 'seccomp.security.alpha.kubernetes.io/pod';
const seccompContainerPrefix = 'container.seccomp.security.alpha.kubernetes.io/';
/** Until then profiles stood in annotations. */
const seccompFieldsSince = 19;

function isForbiddenSeccomp(profile: string): boolean {
  const allowed = ['', 'runtime/default', 'docker/default'];
  return !allowed.includes(profile) && !profile.startsWith('localhost/');
}

export const seccompProfileBaseline: PodSecurityCheck = {
  id: 'seccompProfile_baseline',
  level: 'baseline',
  since: 0,
  evaluate: (pod, minor) => {
    const names = [seccompPodAnnotation, ...pod.containers.map(({ name }) => seccompContainerPrefix + name)];
    const places: readonly DocumentPath[] =
      minor >= seccompFieldsSince
        ? forbiddenProfiles(pod, 'seccompProfile')
        : names
            .filter((name) => isForbiddenSeccomp(asString(pod.annotations[name]) ?? ''))
            .map((name) => ['metadata', 'annotations', name]);
    if (places.length === 0) return undefined;
    return {
      reason: 'seccompProfile',
      detail: `${places.map((at) => at.join('.')).join(', ')} must not be a profile other than the runtime's default or a local one`,
      at: places,
      changes: places.map(
        (at): PodChange => ({ op: 'remove', at: minor >= seccompFieldsSince ? at.slice(0, -1) : at }),
      ),
    };
  },
};

/** Sysctls that touch nothing but the Pod, by the version that allowed them. */
const safeSysctls: readonly (readonly [since: number, names: readonly string[]])[] = [
  [
    0,
    [
      'kernel.shm_rmid_forced',
      'net.ipv4.ip_local_port_range',
      'net.ipv4.ip_unprivileged_port_start',
      'net.ipv4.ping_group_range',
      'net.ipv4.tcp_syncookies',
    ],
  ],
  [27, ['net.ipv4.ip_local_reserved_ports']],
  [
    29,
    [
      'net.ipv4.tcp_fin_timeout',
      'net.ipv4.tcp_keepalive_intvl',
      'net.ipv4.tcp_keepalive_probes',
      'net.ipv4.tcp_keepalive_time',
    ],
  ],
  [32, ['net.ipv4.tcp_rmem', 'net.ipv4.tcp_wmem']],
  [37, ['net.ipv4.tcp_notsent_lowat', 'net.ipv4.tcp_slow_start_after_idle']],
];

export const sysctls: PodSecurityCheck = {
  id: 'sysctls',
  level: 'baseline',
  since: 0,
  evaluate: ({ securityContext }, minor) => {
    const allowed = new Set(safeSysctls.flatMap(([since, names]) => (minor >= since ? names : [])));
    const found = asArray(securityContext['sysctls']).flatMap((item, index) => {
      const name = asString(asObject(item)?.['name']) ?? '';
      return allowed.has(name) ? [] : [{ name, index }];
    });
    if (found.length === 0) return undefined;
    const at = found.map(({ index }) => ['spec', 'securityContext', 'sysctls', index]);
    return {
      // Always the plural, as the API server says it.
      reason: 'forbidden sysctls',
      detail: found.map(({ name }) => name).join(', '),
      at,
      changes: at.toReversed().map((place): PodChange => ({ op: 'remove', at: place })),
    };
  },
};

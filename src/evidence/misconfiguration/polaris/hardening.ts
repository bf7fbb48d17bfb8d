// SPDX-License-Identifier: Apache-2.0
// Whether a container is held by AppArmor, seccomp, SELinux or dropped capabilities: one of them is enough for Polaris.

import type { JsonObject } from '../../../formats/document.ts';
import { asObject, asString } from '../../../formats/document.ts';
import { capabilityNames } from './security.ts';
import type { PolarisContainer, PolarisView } from './view.ts';

const appArmor = 'container.apparmor.security.beta.kubernetes.io/';

export function isHardened(container: PolarisContainer, view: PolarisView): boolean {
  const pod = asObject(view.writtenSpec['securityContext']) ?? {};
  return (
    hasAppArmor(container, view) || hasSeccomp(container, pod) || hasSelinux(container, pod) || dropsSome(container)
  );
}

function hasAppArmor({ name }: PolarisContainer, { template }: PolarisView): boolean {
  const annotations = asObject(asObject(template?.['metadata'])?.['annotations']);
  return (asString(annotations?.[`${appArmor}${name}`]) ?? '') !== '';
}

function hasSeccomp({ securityContext }: PolarisContainer, pod: JsonObject): boolean {
  const shared = asString(asObject(pod['seccompProfile'])?.['type']) ?? '';
  const own = asString(asObject(securityContext['seccompProfile'])?.['type']) ?? '';
  if (own === 'Unconfined') return false;
  return own !== '' || (shared !== '' && shared !== 'Unconfined');
}

function hasSelinux({ securityContext }: PolarisContainer, pod: JsonObject): boolean {
  return [pod, securityContext].some((context) => Object.keys(asObject(context['seLinuxOptions']) ?? {}).length > 0);
}

function dropsSome(container: PolarisContainer): boolean {
  return capabilityNames(container, 'drop').length > 0 && !capabilityNames(container, 'add').includes('ALL');
}

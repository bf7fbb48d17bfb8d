// SPDX-License-Identifier: Apache-2.0
// What several of Polaris' checks of security have in common: settings that the Pod may make for its containers, capabilities, names of credentials.

import type { JsonObject } from '../../../formats/document.ts';
import { asArray, asObject } from '../../../formats/document.ts';
import type { ManifestCheck } from '../manifest-check.ts';
import type { PolarisContainer, PolarisView } from './view.ts';
import { perPolarisContainer } from './view.ts';

/** What a securityContext should say about one concern; a setting that is absent is neither good nor bad. */
export interface SettingRule {
  readonly isGood: (context: JsonObject) => boolean;
  /** Says nothing against it. */
  readonly isNotBad: (context: JsonObject) => boolean;
  /** The member, and the value, that make it good. */
  readonly member: string;
  readonly value: boolean;
}

/** A member that must have one value. */
export function exactly(member: string, value: boolean): SettingRule {
  return {
    isGood: (context) => context[member] === value,
    isNotBad: (context) => context[member] === undefined || context[member] === value,
    member,
    value,
  };
}

/** Containers for which a setting is not made; `words` say what that lets them do: `may run as root`. */
export function containersWithout(rule: SettingRule, words: string): ManifestCheck['run'] {
  return perPolarisContainer((container, view) => {
    if (isSetWell(rule, container, view)) return undefined;
    const at = [...container.at, 'securityContext', rule.member];
    return { message: `the container ${container.name} ${words}`, at, wanted: [{ at, value: rule.value }] };
  });
}

/** Good in the container; or good in the Pod and not taken back by the container. */
function isSetWell({ isGood, isNotBad }: SettingRule, container: PolarisContainer, view: PolarisView): boolean {
  if (isGood(container.securityContext)) return true;
  return isGood(asObject(view.spec['securityContext']) ?? {}) && isNotBad(container.securityContext);
}

export function capabilityNames(container: PolarisContainer, list: 'add' | 'drop'): readonly string[] {
  return asArray(asObject(container.securityContext['capabilities'])?.[list]).map((name) => String(name).toUpperCase());
}

const sensitiveNames =
  /^AWS_SECRET_ACCESS_KEY$|^GOOGLE_APPLICATION_CREDENTIALS$|^AZURE_.+KEY$|^OCI_CLI_KEY_CONTENT$|password|token|bearer|secret/i;

/** A name that promises a credential. */
export function isSensitiveName(name: string): boolean {
  return sensitiveNames.test(name.slice(0, 1000));
}

/** Text that holds a private key in PEM form. */
export function holdsPrivateKey(text: string): boolean {
  return text.split('\n').some((line) => {
    const upper = line.slice(0, 10_000).toUpperCase();
    const begin = /-BEGIN\s/.exec(upper);
    return begin !== null && upper.includes('PRIVATE KEY-', begin.index + begin[0].length);
  });
}

// SPDX-License-Identifier: Apache-2.0
// What the labels of a namespace ask for: a level and a version each for enforce, audit and warn
// (pod-security-admission api/helpers.go, PolicyToEvaluate).

import type { JsonObject } from '../../formats/document.ts';
import { asString } from '../../formats/document.ts';
import type { Level } from './check.ts';
import type { LevelAndVersion } from './evaluate.ts';
import { parseVersion } from './evaluate.ts';

export type Mode = 'enforce' | 'audit' | 'warn';

export interface NamespacePolicy {
  readonly enforce: LevelAndVersion;
  readonly audit: LevelAndVersion;
  readonly warn: LevelAndVersion;
  /** Labels that mean nothing. What they were to set is then as strict as can be. */
  readonly faults: readonly { readonly label: string; readonly message: string }[];
}

export const labelPrefix = 'pod-security.kubernetes.io/';

const levels: readonly string[] = ['privileged', 'baseline', 'restricted'] satisfies readonly Level[];

/** Without labels every mode is `privileged` at the newest version, unless the cluster's defaults say otherwise. */
export function namespacePolicy(
  labels: JsonObject,
  defaults: LevelAndVersion = { level: 'privileged', version: 'latest' },
): NamespacePolicy {
  const faults: { label: string; message: string }[] = [];
  const read = (mode: Mode): LevelAndVersion => {
    const level = asString(labels[labelPrefix + mode]);
    const version = asString(labels[`${labelPrefix}${mode}-version`]);
    const known = level === undefined ? defaults.level : levels.includes(level) ? (level as Level) : undefined;
    if (known === undefined) {
      faults.push({ label: labelPrefix + mode, message: `must be one of ${levels.join(', ')}` });
      // The API server evaluates the strictest policy where it cannot tell what was meant.
      return { level: 'restricted', version: 'latest' };
    }
    const parsed = version === undefined ? defaults.version : parseVersion(version);
    if (parsed === undefined)
      faults.push({ label: `${labelPrefix}${mode}-version`, message: 'must be "latest" or "v1.x"' });
    return { level: known, version: parsed ?? 'latest' };
  };
  return { enforce: read('enforce'), audit: read('audit'), warn: read('warn'), faults };
}

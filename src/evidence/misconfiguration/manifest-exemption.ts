// SPDX-License-Identifier: Apache-2.0
// Who says in the manifest itself that a check does not count here: annotations of kube-linter and Polaris. Comments are in inline-exemption.ts.

import { asObject } from '../../formats/document.ts';
import type { KubernetesResource } from '../../formats/kubernetes-yaml/resources.ts';
import type { Suppression } from '../../model/decision.ts';

export interface ExemptibleCheck {
  readonly id: string;
  readonly aliases: readonly string[];
}

const kubeLinter = 'ignore-check.kube-linter.io/';
const kubeLinterAll = 'kube-linter.io/ignore-all';
const polaris = 'polaris.fairwinds.com/';

/**
 * The annotation that takes a check out for one object. `ignore-check.kube-linter.io/<check>` counts with any value, as there; the exemptions of
 * Polaris only with `"true"`. A check is named by our id or by its name in that program.
 */
export function exemptionOf(resource: KubernetesResource, check: ExemptibleCheck): Suppression | undefined {
  const annotations = asObject(asObject(resource.object['metadata'])?.['annotations']);
  if (annotations === undefined) return undefined;
  for (const [key, value] of Object.entries(annotations)) {
    if (exempts(key, value, check)) {
      const source = `${resource.locate(['metadata', 'annotations', key]).path}: annotation ${key}`;
      const isReason = typeof value === 'string' && value !== '' && value !== 'true';
      return { by: 'ignore', source, reason: isReason ? value : 'exempted by an annotation of the object' };
    }
  }
  return undefined;
}

function exempts(key: string, value: unknown, check: ExemptibleCheck): boolean {
  if (key === kubeLinterAll) return true;
  if (key.startsWith(kubeLinter)) return isNamed(check, 'kube-linter', key.slice(kubeLinter.length));
  if (!key.startsWith(polaris) || (value !== 'true' && value !== true)) return false;
  const rest = key.slice(polaris.length);
  if (rest === 'exempt') return true;
  return rest.endsWith('-exempt') && isNamed(check, 'polaris', rest.slice(0, -'-exempt'.length));
}

function isNamed(check: ExemptibleCheck, program: string, name: string): boolean {
  return name === check.id || check.aliases.includes(`${program}/${name}`);
}

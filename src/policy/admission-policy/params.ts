// SPDX-License-Identifier: Apache-2.0
// The params of a binding: which objects paramRef names, and what follows when there are none (apiserver pkg/admission/plugin/policy/generic).

import type { JsonObject } from '../../formats/document.ts';
import { asObject, asString } from '../../formats/document.ts';
import { matchesSelector } from './label-selector.ts';
import { labelsOf } from './match-resources.ts';
import type { Binding, CompiledPolicy } from './policy-set.ts';

export interface ParamKind {
  readonly apiVersion: string;
  readonly kind: string;
}

/** Where policies get other objects of the cluster from. */
export interface AdmissionData {
  /** All objects of a kind that the policies may read; undefined when the kind is not known. */
  objects(kind: ParamKind): readonly JsonObject[] | undefined;
  namespace(name: string): JsonObject | undefined;
}

export type ParamSelection =
  /** One evaluation for each; null when the policy takes none. */
  | { readonly kind: 'found'; readonly params: readonly (JsonObject | null)[] }
  /** The binding does not apply. */
  | { readonly kind: 'skip' }
  | { readonly kind: 'fault'; readonly message: string };

export function selectParams(
  policy: CompiledPolicy,
  binding: Binding,
  { data, namespace }: { readonly data: AdmissionData; readonly namespace: string | undefined },
): ParamSelection {
  const { paramKind } = policy;
  const { paramRef } = binding;
  if (paramKind === undefined || paramRef === undefined) return { kind: 'found', params: [null] };
  const name = asString(paramRef['name']);
  const where = asString(paramRef['namespace']);
  const objects = data.objects(paramKind);
  if (objects === undefined)
    return {
      kind: 'fault',
      message: `params of kind ${paramKind.apiVersion} ${paramKind.kind} could not be looked up`,
    };
  const found = objects.filter((object) => {
    const metadata = asObject(object['metadata']);
    const own = asString(metadata?.['namespace']);
    // Cluster-scoped params have no namespace; others are looked for in that of paramRef, or else in the request's.
    if (own !== undefined && own !== (where ?? namespace)) return false;
    if (name !== undefined) return metadata?.['name'] === name;
    return matchesSelector(asObject(paramRef['selector']), labelsOf(object));
  });
  if (found.length > 0) return { kind: 'found', params: found };
  if (paramRef['parameterNotFoundAction'] === 'Allow') return { kind: 'skip' };
  return { kind: 'fault', message: 'no params found for policy binding with `Deny` parameterNotFoundAction' };
}

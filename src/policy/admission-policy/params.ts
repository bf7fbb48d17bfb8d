// SPDX-License-Identifier: Apache-2.0
// The params of a binding: which objects paramRef names, and what follows when there are none (apiserver pkg/admission/plugin/policy/generic).

import type { JsonObject } from '../../formats/document.ts';
import { asObject, asString } from '../../formats/document.ts';
import type { AuthorizationAnswer, AuthorizationQuestion } from '../cel/library/authorizer.ts';
import type { BindingOf, ParamKind } from './compiled-policy.ts';
import { matchesSelector } from './label-selector.ts';
import { labelsOf } from './match-resources.ts';

/** Where policies get other objects of the cluster from. */
export interface AdmissionData {
  /** All objects of a kind that the policies may read; undefined when the kind is not known. */
  objects(kind: ParamKind): readonly JsonObject[] | undefined;
  namespace(name: string): JsonObject | undefined;
  /**
   * Whether someone may do something: the variable `authorizer`. `user` is the request's userInfo unless the question names a service account. Without it
   * expressions that ask fail.
   */
  authorize?(question: AuthorizationQuestion, user: JsonObject | undefined): AuthorizationAnswer;
}

export type ParamSelection =
  /** One evaluation for each; null when the policy takes none. */
  | { readonly kind: 'found'; readonly params: readonly (JsonObject | null)[] }
  /** The binding does not apply. */
  | { readonly kind: 'skip' }
  | { readonly kind: 'fault'; readonly message: string };

const noParams: ParamSelection = { kind: 'found', params: [null] };

export function selectParams(
  { policy, paramRef }: BindingOf<{ readonly paramKind: ParamKind | undefined }>,
  { data, namespace }: { readonly data: AdmissionData; readonly namespace: string | undefined },
): ParamSelection {
  const { paramKind } = policy;
  if (paramKind === undefined || paramRef === undefined) return noParams;
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

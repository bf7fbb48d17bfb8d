// SPDX-License-Identifier: Apache-2.0
// Policies of all kinds that Kyverno tests may name, under one face: what each says of a request. A new kind is one case here.
import type { JsonObject } from '../../formats/document.ts';
import { asObject, asString } from '../../formats/document.ts';
import type { KubernetesResource } from '../../formats/kubernetes-yaml/resources.ts';
import type { AdmissionRequest, Operation } from '../../policy/admission-policy/request.ts';
import { requestFor } from '../../policy/admission-policy/request.ts';
import type { DataProvider } from '../../policy/data-provider.ts';
import type { CelException } from '../../policy/kyverno/cel/exceptions.ts';
import {
  compileValidatingPolicy,
  evaluateValidatingPolicy,
  isValidatingPolicy,
} from '../../policy/kyverno/cel/validating-policy.ts';
import type { EvaluationOptions, PolicyRequest } from '../../policy/kyverno/engine.ts';
import { evaluatePolicy } from '../../policy/kyverno/engine.ts';
import { compilePolicy, isKyvernoPolicy } from '../../policy/kyverno/policy.ts';
import type { Queries } from '../../policy/kyverno/queries.ts';
import type { RuleOutcome } from '../../policy/kyverno/rule.ts';

export interface TestRequest {
  readonly request: PolicyRequest;
  readonly options: EvaluationOptions;
  readonly data: DataProvider;
  readonly celExceptions: readonly CelException[];
}

export interface TestPolicy {
  readonly name: string;
  /** Empty for kinds of the whole cluster. */
  readonly namespace: string;
  readonly annotations: JsonObject;
  /** Whether results name rules. */
  readonly hasRules: boolean;
  /** Of JSON payloads, not of resources. */
  readonly isOfPayloads: boolean;
  run(request: TestRequest): readonly RuleOutcome[];
}

export type LoadedPolicy =
  | { readonly kind: 'policy'; readonly policy: TestPolicy }
  | { readonly kind: 'unusable'; readonly name: string; readonly reason: string };

export function loadPolicy(resource: KubernetesResource, queries: Queries): LoadedPolicy {
  const { object } = resource;
  const name = asString(asObject(object['metadata'])?.['name']) ?? '';
  if (isKyvernoPolicy(object)) {
    const { policy, problems } = compilePolicy(resource, queries);
    if (policy === undefined)
      return { kind: 'unusable', name, reason: problems.map(({ message }) => message).join('; ') };
    const { namespace, annotations } = policy;
    const run = ({ request, options }: TestRequest): readonly RuleOutcome[] => evaluatePolicy(policy, request, options);
    return { kind: 'policy', policy: { name, namespace, annotations, hasRules: true, isOfPayloads: false, run } };
  }
  if (isValidatingPolicy(object)) {
    const { policy, problems } = compileValidatingPolicy(resource);
    if (policy === undefined)
      return { kind: 'unusable', name, reason: problems.map(({ message }) => message).join('; ') };
    const { namespace, annotations } = policy;
    const run = (test: TestRequest): readonly RuleOutcome[] => {
      const { namespace: object, namespaceLabels = {} } = test.request;
      const said = evaluateValidatingPolicy(policy, {
        request: admissionRequestOf(test.request),
        namespace: object,
        namespaceLabels,
        data: test.data,
        exceptions: test.celExceptions,
      });
      return said === undefined ? [] : [said];
    };
    return {
      kind: 'policy',
      policy: { name, namespace, annotations, hasRules: false, isOfPayloads: policy.mode === 'JSON', run },
    };
  }
  return { kind: 'unusable', name, reason: `policies of kind ${resource.kind} are not supported yet` };
}

function admissionRequestOf({
  object,
  oldObject,
  operation,
  requester,
  userInfo,
  subresource,
}: PolicyRequest): AdmissionRequest {
  const request = requestFor(object ?? oldObject ?? {}, operation as Operation);
  return {
    ...request,
    ...(subresource === undefined ? {} : { subResource: subresource }),
    ...(oldObject === undefined ? {} : { oldObject }),
    userInfo: userInfo ?? (requester === undefined ? {} : { username: requester.username, groups: requester.groups }),
  };
}

// SPDX-License-Identifier: Apache-2.0
// validate rules in CEL: evaluated as the ValidatingAdmissionPolicy they are written like (Kyverno validate_cel.go).
import type { DocumentPath, JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asString } from '../../formats/document.ts';
import type { Location } from '../../model/location.ts';
import type { AdmissionOutcome } from '../admission-policy/evaluate.ts';
import { evaluateAdmission } from '../admission-policy/evaluate.ts';
import type { AdmissionPolicySet } from '../admission-policy/policy-set.ts';
import { compileAdmissionPolicies } from '../admission-policy/policy-set.ts';
import type { AdmissionRequest, Operation } from '../admission-policy/request.ts';
import { requestFor } from '../admission-policy/request.ts';
import type { MessageSource } from './messages.ts';
import type { CompiledBody, RuleEvaluation, RuleRequest } from './rule.ts';
import { outcome } from './rule.ts';

/** Everything: which requests the rule is about was decided before. */
const everything = {
  resourceRules: [{ apiGroups: ['*'], apiVersions: ['*'], operations: ['*'], resources: ['*/*'] }],
};

export interface CelRule extends MessageSource {
  readonly cel: JsonObject;
  /** `celPreconditions`: when one is false the rule is skipped. */
  readonly preconditions: unknown;
  /** Whether deletions are judged; Kyverno lets them go. */
  readonly deletions?: 'judged' | 'not-judged';
}

export function compileCelValidation(rule: CelRule): CompiledBody {
  const { cel, message, preconditions } = rule;
  const params = { paramKind: cel['paramKind'], paramRef: cel['paramRef'] };
  if ((params.paramKind === undefined) !== (params.paramRef === undefined))
    return { kind: 'invalid', message: 'validate.cel.paramKind and paramRef go together' };
  const validations = asArray(cel['expressions']).map((item) => {
    const validation = asObject(item) ?? {};
    const own = asString(validation['message']) ?? '';
    const text = own === '' ? message : own;
    // Kubernetes takes no line breaks here, Kyverno does.
    return text === '' ? validation : { ...validation, message: text.trim().replaceAll(/\s*\n\s*/g, ' ') };
  });
  const conditions = asArray(preconditions).map((item) => ({ expression: asObject(item)?.['expression'] }));
  const set = compileSet(
    { variables: cel['variables'], validations, auditAnnotations: cel['auditAnnotations'] },
    params,
  );
  const guard = conditions.length === 0 ? undefined : compileSet({ validations: conditions }, params);
  const [problem] = [...set.problems, ...(guard?.problems ?? [])];
  if (problem !== undefined) return { kind: 'invalid', message: problem.message };
  return {
    kind: 'body',
    run: ({ request, context, data }) => {
      if (request.operation === 'DELETE' && rule.deletions !== 'judged') return undefined;
      const foreign = foreignNamespace(params.paramRef, context.namespace);
      if (foreign !== undefined) return outcome(rule.rule, 'error', foreign);
      const admission = admissionRequestOf(request);
      if (guard !== undefined) {
        const result = judge(guard, admission, { request, data });
        const error = result.denials.find(({ cause }) => cause !== 'validation');
        if (error !== undefined) return outcome(rule.rule, 'fail', error.message);
        if (!result.allowed) return outcome(rule.rule, 'skip', 'cel preconditions not met');
      }
      const { denials, met } = judge(set, admission, { request, data });
      const [denial] = denials;
      if (denial === undefined && !met.has(ruleName))
        return outcome(rule.rule, 'skip', 'there are no params for the rule');
      if (denial === undefined) return outcome(rule.rule, 'pass', `Validation rule '${rule.rule}' passed.`);
      // What cannot be evaluated denies, as with failurePolicy Fail: matches Kyverno.
      return outcome(rule.rule, 'fail', denial.message);
    },
  };
}

const ruleName = 'rule';

/** A Policy of a namespace looks at nothing outside of it. */
function foreignNamespace(paramRef: unknown, namespace: string): string | undefined {
  const wanted = asString(asObject(paramRef)?.['namespace']);
  if (namespace === '' || wanted === undefined || wanted === namespace) return undefined;
  return `a Policy of the namespace ${namespace} takes params of that namespace only`;
}

interface Params {
  readonly paramKind: unknown;
  readonly paramRef: unknown;
}

function compileSet(spec: JsonObject, { paramKind, paramRef }: Params): AdmissionPolicySet {
  const place: Location = { path: 'validate.cel' };
  const locateValue = (_path: DocumentPath): Location => place;
  const apiVersion = 'admissionregistration.k8s.io/v1';
  const used = Object.fromEntries(Object.entries({ ...spec, paramKind }).filter(([, value]) => value !== undefined));
  return compileAdmissionPolicies([
    {
      object: {
        apiVersion,
        kind: 'ValidatingAdmissionPolicy',
        metadata: { name: ruleName },
        spec: { matchConstraints: everything, ...used },
      },
      locateValue,
    },
    {
      object: {
        apiVersion,
        kind: 'ValidatingAdmissionPolicyBinding',
        metadata: { name: ruleName },
        spec: {
          policyName: ruleName,
          validationActions: ['Deny'],
          ...(paramRef === undefined ? {} : { paramRef }),
        },
      },
      locateValue,
    },
  ]);
}

function admissionRequestOf({ object, oldObject, operation, target }: RuleRequest): AdmissionRequest {
  const about = object ?? oldObject ?? {};
  const request = requestFor(about, operation as Operation);
  const { requester } = target;
  return {
    ...request,
    ...(target.kind.subresource === '' ? {} : { subResource: target.kind.subresource }),
    ...(oldObject === undefined ? {} : { oldObject }),
    userInfo: requester === undefined ? {} : { username: requester.username, groups: requester.groups },
  };
}

function judge(
  set: AdmissionPolicySet,
  admission: AdmissionRequest,
  { request, data }: Pick<RuleEvaluation, 'request' | 'data'>,
): AdmissionOutcome {
  return evaluateAdmission(set, admission, {
    objects: ({ apiVersion, kind }) => {
      const lookup = data.objects?.(apiVersion, kind, 'named');
      return lookup?.kind === 'found' ? lookup.value : undefined;
    },
    ...(request.authorize === undefined ? {} : { authorize: request.authorize }),
    namespace: (name) => request.namespace ?? { apiVersion: 'v1', kind: 'Namespace', metadata: { name } },
  });
}

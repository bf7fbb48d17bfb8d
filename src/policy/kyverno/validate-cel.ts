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
import type { CompiledBody, RuleRequest } from './rule.ts';
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
  if (cel['paramKind'] !== undefined)
    return { kind: 'invalid', message: 'validate.cel with paramKind is not supported yet' };
  const validations = asArray(cel['expressions']).map((item) => {
    const validation = asObject(item) ?? {};
    const own = asString(validation['message']) ?? '';
    const text = own === '' ? message : own;
    // Kubernetes takes no line breaks here, Kyverno does.
    return text === '' ? validation : { ...validation, message: text.trim().replaceAll(/\s*\n\s*/g, ' ') };
  });
  const conditions = asArray(preconditions).map((item) => ({ expression: asObject(item)?.['expression'] }));
  const set = compileSet({ variables: cel['variables'], validations, auditAnnotations: cel['auditAnnotations'] });
  const guard = conditions.length === 0 ? undefined : compileSet({ validations: conditions });
  const [problem] = [...set.problems, ...(guard?.problems ?? [])];
  if (problem !== undefined) return { kind: 'invalid', message: problem.message };
  return {
    kind: 'body',
    run: ({ request }) => {
      if (request.operation === 'DELETE' && rule.deletions !== 'judged') return undefined;
      const admission = admissionRequestOf(request);
      if (guard !== undefined) {
        const result = judge(guard, admission, request);
        const error = result.denials.find(({ cause }) => cause !== 'validation');
        if (error !== undefined) return outcome(rule.rule, 'fail', error.message);
        if (!result.allowed) return outcome(rule.rule, 'skip', 'cel preconditions not met');
      }
      const [denial] = judge(set, admission, request).denials;
      if (denial === undefined) return outcome(rule.rule, 'pass', `Validation rule '${rule.rule}' passed.`);
      // What cannot be evaluated denies, as with failurePolicy Fail: matches Kyverno.
      return outcome(rule.rule, 'fail', denial.message);
    },
  };
}

function compileSet(spec: JsonObject): AdmissionPolicySet {
  const place: Location = { path: 'validate.cel' };
  const locateValue = (_path: DocumentPath): Location => place;
  const apiVersion = 'admissionregistration.k8s.io/v1';
  const used = Object.fromEntries(Object.entries(spec).filter(([, value]) => value !== undefined));
  return compileAdmissionPolicies([
    {
      object: {
        apiVersion,
        kind: 'ValidatingAdmissionPolicy',
        metadata: { name: 'rule' },
        spec: { matchConstraints: everything, ...used },
      },
      locateValue,
    },
    {
      object: {
        apiVersion,
        kind: 'ValidatingAdmissionPolicyBinding',
        metadata: { name: 'rule' },
        spec: { policyName: 'rule', validationActions: ['Deny'] },
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

function judge(set: AdmissionPolicySet, admission: AdmissionRequest, { namespace }: RuleRequest): AdmissionOutcome {
  return evaluateAdmission(set, admission, {
    objects: () => undefined,
    namespace: (name) => namespace ?? { apiVersion: 'v1', kind: 'Namespace', metadata: { name } },
  });
}

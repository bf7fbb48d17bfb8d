// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../formats/document.ts';
import { parseKubernetesYaml } from '../../formats/kubernetes-yaml/documents.ts';
import { resourcesOf } from '../../formats/kubernetes-yaml/resources.ts';
import type { AdmissionOutcome } from './evaluate.ts';
import { evaluateAdmission } from './evaluate.ts';
import type { AdmissionData } from './params.ts';
import type { AdmissionPolicySet } from './policy-set.ts';
import { compileAdmissionPolicies } from './policy-set.ts';
import { requestFor } from './request.ts';

function policy(spec: string, binding = 'validationActions: [Deny]'): AdmissionPolicySet {
  const text = `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: p}
spec:
  matchConstraints:
    resourceRules:
    - {apiGroups: [apps], apiVersions: [v1], operations: [CREATE], resources: [deployments]}
${spec.replace(/^/gm, '  ')}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: b}
spec:
  policyName: p
${binding.replace(/^/gm, '  ')}
`;
  return compileAdmissionPolicies(resourcesOf(parseKubernetesYaml(text, 'policy.yaml')).resources);
}

function compileOf(spec: string): AdmissionPolicySet {
  const text = `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: p}
spec:
${spec.replace(/^/gm, '  ')}
`;
  return compileAdmissionPolicies(resourcesOf(parseKubernetesYaml(text, 'policy.yaml')).resources);
}

function deployment(replicas: number, labels: JsonObject = {}): JsonObject {
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', labels }, spec: { replicas } };
}

function judge(set: AdmissionPolicySet, object: JsonObject, data?: AdmissionData): AdmissionOutcome {
  return evaluateAdmission(set, requestFor(object), data);
}

const atMostFive = `validations:
- expression: object.spec.replicas <= 5
  messageExpression: "'too many: ' + string(object.spec.replicas)"
  reason: Forbidden`;

describe('validations', () => {
  it('deny with the message that was computed and the place of the expression', () => {
    const outcome = judge(policy(atMostFive), deployment(6));

    expect(outcome.allowed).toBe(false);
    expect(outcome.denials).toMatchObject([
      { policy: 'p', binding: 'b', cause: 'validation', message: 'too many: 6', reason: 'Forbidden' },
    ]);
    expect(outcome.denials[0]?.location).toMatchObject({ path: 'policy.yaml', line: 9 });
  });

  it('let through what is as they want it, and what they do not match', () => {
    const set = policy(atMostFive);

    expect(judge(set, deployment(5)).allowed).toBe(true);
    expect(judge(set, { apiVersion: 'v1', kind: 'Pod', metadata: {} }).allowed).toBe(true);
  });

  it('follow the actions of the binding', () => {
    const outcome = judge(policy(atMostFive, 'validationActions: [Warn, Audit]'), deployment(6));

    expect(outcome.allowed).toBe(true);
    expect([outcome.warnings.length, outcome.audits.length]).toEqual([1, 1]);
  });

  it('an expression with an error under failurePolicy Ignore was a pass', () => {
    const outcome = judge(
      policy('failurePolicy: Ignore\nvalidations: [{expression: object.spec.missing == 1}]'),
      deployment(1),
    );

    expect(outcome.allowed).toBe(true);
    expect(outcome.ignored.map(({ cause }) => cause)).toEqual(['error']);
  });

  it.each([
    ['operations: [create]', 'an operation in small letters'],
    ['operations: []', 'no operation'],
    ['scope: namespaced', 'a scope in small letters'],
    ['apiGroups: apps', 'a text for a list'],
  ])('with %s (%s) they never matched, and admitted everything', (member) => {
    const rule: Record<string, string> = {
      apiGroups: '[apps]',
      apiVersions: '[v1]',
      operations: '[CREATE]',
      resources: '[deployments]',
    };
    const [name = '', value = ''] = member.split(': ');
    rule[name] = value;
    const written = Object.entries(rule).map(([key, text]) => `${key}: ${text}`);
    const set = compileOf(
      `matchConstraints: {resourceRules: [{${written.join(', ')}}]}\nvalidations: [{expression: "false"}]`,
    );

    expect(set.policies).toEqual([]);
    expect(set.problems.map(({ hidesFindings }) => hidesFindings)).toEqual([true]);
  });

  it.each([
    'matchConstraints: {}',
    'matchConstraints: {resourceRules: [{}]}',
    'matchConstraints: {matchPolicy: exact, RULES}',
    'matchConstraints: {objectSelector: {matchExpressions: [{key: a, operator: in, values: [b]}]}, RULES}',
    'matchConstraints: {objectSelector: {matchExpressions: [{key: a, operator: In}]}, RULES}',
    'matchConstraints: {namespaceSelector: {matchLabels: {a: 1}}, RULES}',
    'failurePolicy: ignore\nmatchConstraints: {RULES}',
  ])('%s is refused, as the API server refuses it', (spec) => {
    const rules = 'resourceRules: [{apiGroups: ["*"], apiVersions: ["*"], operations: ["*"], resources: ["*"]}]';
    const set = compileOf(`${spec.replace('RULES', rules)}\nvalidations: [{expression: "false"}]`);

    expect(set.problems.some(({ hidesFindings }) => hidesFindings)).toBe(true);
    expect(set.policies).toEqual([]);
  });

  it('a binding whose selector has no known operator bound nothing in silence', () => {
    const set = policy(
      atMostFive,
      'validationActions: [Deny]\nmatchResources: {objectSelector: {matchExpressions: [{key: a, operator: is}]}}',
    );

    expect(set.bindings).toEqual([]);
    expect(set.problems.map(({ hidesFindings }) => hidesFindings)).toEqual([true]);
  });

  it('fail closed or open as failurePolicy says when an expression has an error', () => {
    const broken = 'validations: [{expression: object.spec.missing == 1}]';

    expect(judge(policy(broken), deployment(1)).denials[0]?.message).toBe(
      "expression 'object.spec.missing == 1' resulted in error: no such key: missing",
    );
    expect(judge(policy(`failurePolicy: Ignore\n${broken}`), deployment(1)).allowed).toBe(true);
  });
});

describe('messages of a real API server', () => {
  const message = (spec: string): string | undefined => judge(policy(spec), deployment(1)).denials[0]?.message;

  it('name the variable that could not be evaluated, and those it needed', () => {
    const spec = `variables: [{name: a, expression: object.missing}, {name: b, expression: variables.a}]
validations: [{expression: variables.b == 1}]`;

    expect(message(spec)).toBe(
      `expression 'variables.b == 1' resulted in error: composited variable "b" fails to evaluate: composited variable "a" fails to evaluate: no such key: missing`,
    );
  });

  it('name the expressions of all conditions that could not be evaluated', () => {
    const one = 'matchConditions: [{name: a, expression: object.missing == 1}]\nvalidations: [{expression: "false"}]';
    const two = one.replace('}]', '}, {name: b, expression: object.absent == 1}]');

    expect(message(one)).toBe("expression 'object.missing == 1' resulted in error: no such key: missing");
    expect(message(two)).toBe(
      "[expression 'object.missing == 1' resulted in error: no such key: missing, expression 'object.absent == 1' resulted in error: no such key: absent]",
    );
  });

  it('do not say of which types there is no overload', () => {
    expect(message('validations: [{expression: "dyn(1) + dyn(object.kind) == dyn(1)"}]')).toMatch(
      /error: no such overload$/,
    );
    expect(message('validations: [{expression: "duration(object.kind) == duration(\'1s\')"}]')).toMatch(
      /error: type conversion error from 'string' to 'google.protobuf.Duration'$/,
    );
  });

  it('refuse a policy whose message has lines, or whose reason is none', () => {
    const lines = policy('validations: [{expression: "true", message: "a\\nb"}]');
    const reason = policy('validations: [{expression: "true", reason: Unauthorized}]');

    expect([lines, reason].map(({ problems }) => problems[0]?.message ?? '')).toEqual([
      expect.stringContaining('must not contain line breaks'),
      expect.stringContaining('reason "Unauthorized" is not one of'),
    ]);
  });
});

describe('variables', () => {
  it('see those before them and are not evaluated when nobody reads them', () => {
    const set = policy(`variables:
- {name: count, expression: object.spec.replicas}
- {name: twice, expression: variables.count * 2}
- {name: broken, expression: object.nothing}
validations: [{expression: "[1].all(i, variables.twice + i == 5)"}]`);

    expect(judge(set, deployment(2)).allowed).toBe(true);
    expect(judge(set, deployment(3)).allowed).toBe(false);
  });
});

describe('matching', () => {
  it('leaves out what a matchCondition rules out', () => {
    const set = policy(`matchConditions: [{name: small, expression: object.spec.replicas > 10}]\n${atMostFive}`);

    expect(judge(set, deployment(6)).allowed).toBe(true);
    expect(judge(set, deployment(11)).allowed).toBe(false);
  });

  it('looks at labels of the object and of its namespace', () => {
    const set = policy(
      atMostFive,
      `validationActions: [Deny]
matchResources:
  objectSelector: {matchLabels: {team: a}}
  namespaceSelector: {matchExpressions: [{key: kubernetes.io/metadata.name, operator: In, values: [default]}]}`,
    );

    expect(judge(set, deployment(6)).allowed).toBe(true);
    expect(judge(set, deployment(6, { team: 'a' })).allowed).toBe(false);
  });

  it('takes older versions of a kind as equivalent', () => {
    const old = { ...deployment(6), apiVersion: 'extensions/v1beta1' };

    expect(judge(policy(atMostFive), old).allowed).toBe(false);
    expect(requestFor({ apiVersion: 'v1', kind: 'Endpoints' }).resource.resource).toBe('endpoints');
  });
});

describe('params', () => {
  const spec = `paramKind: {apiVersion: example.com/v1, kind: Limit}
validations: [{expression: object.spec.replicas <= params.most}]`;
  const limit = { apiVersion: 'example.com/v1', kind: 'Limit', metadata: { name: 'l' }, most: 3 };
  const data: AdmissionData = { objects: () => [limit], namespace: () => undefined };

  it('are those that the binding names', () => {
    const set = policy(spec, 'validationActions: [Deny]\nparamRef: {name: l, parameterNotFoundAction: Deny}');

    expect(judge(set, deployment(3), data).allowed).toBe(true);
    expect(judge(set, deployment(4), data).allowed).toBe(false);
  });

  it('deny or let through when there are none, as the binding says', () => {
    const deny = policy(spec, 'validationActions: [Warn]\nparamRef: {name: x, parameterNotFoundAction: Deny}');
    const allow = policy(spec, 'validationActions: [Deny]\nparamRef: {name: x, parameterNotFoundAction: Allow}');

    expect(judge(deny, deployment(1), data).denials).toMatchObject([{ cause: 'configuration' }]);
    expect(judge(allow, deployment(9), data).allowed).toBe(true);
  });
});

describe('audit annotations', () => {
  it('are recorded under policy and key', () => {
    const set = policy(`auditAnnotations: [{key: replicas, valueExpression: "string(object.spec.replicas)"}]`);

    expect(judge(set, deployment(2)).auditAnnotations).toEqual({ 'p/replicas': '2' });
  });
});

describe('policies that cannot be compiled', () => {
  it.each([
    ['validations: [{expression: "object.spec ==="}]', 'unexpected'],
    ['validations: [{expression: "nothing(1)"}]', "undeclared reference to 'nothing'"],
    ['validations: [{expression: "1 + 1"}]', 'must evaluate to bool'],
    ['variables: [{name: a, expression: variables.b}, {name: b, expression: "1"}]', 'undeclared reference'],
    ['failurePolicy: Fail', 'must not be empty'],
  ])('are refused with a place: %s', (spec, message) => {
    const set = policy(spec);

    expect(set.policies).toEqual([]);
    expect(set.problems[0]?.message).toContain(message);
    expect(set.problems[0]?.location).toMatchObject({ path: 'policy.yaml' });
  });
});

describe('what could not be looked at', () => {
  const bySelector = 'validationActions: [Deny]\nmatchResources: {namespaceSelector: {matchLabels: {tier: prod}}}';

  it('denies when a selector asks for labels of a namespace that nobody knows', () => {
    const outcome = judge(policy(atMostFive, bySelector), deployment(1));

    expect(outcome.denials).toMatchObject([{ cause: 'configuration' }]);
    expect(outcome.denials[0]?.message).toContain('could not be looked up');
  });

  it('is not a namespace that is known to have other labels', () => {
    const data: AdmissionData = {
      objects: () => undefined,
      namespace: () => ({ metadata: { labels: { tier: 'test' } } }),
    };

    expect(judge(policy(atMostFive, bySelector), deployment(6), data).allowed).toBe(true);
  });

  it('denies when nobody knows the kind of the params, whatever parameterNotFoundAction says', () => {
    const spec = `paramKind: {apiVersion: rules.example/v1, kind: Limit}\n${atMostFive}`;
    const binding = 'validationActions: [Deny]\nparamRef: {name: l, parameterNotFoundAction: Allow}';

    const outcome = judge(policy(spec, binding), deployment(1));

    expect(outcome.denials[0]?.message).toContain('params of kind rules.example/v1 Limit could not be looked up');
  });
});

describe('bindings that would judge nothing', () => {
  it.each([
    ['validationActions: []', 'validationActions must hold'],
    ['validationActions: [Refuse]', 'validationActions must hold'],
    ['validationActions: [Deny]\npolicyName: other', "there is no usable policy 'other'"],
  ])('are problems: %s', (binding, message) => {
    const { bindings, problems } = policy(atMostFive, binding);

    expect(bindings).toEqual([]);
    expect(problems).toMatchObject([{ hidesFindings: true }]);
    expect(problems[0]?.message).toContain(message);
  });
});

describe('an explanation', () => {
  const documents = (): string => `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: p}
spec:
  matchConstraints:
    resourceRules: [{apiGroups: [apps], apiVersions: [v1], operations: ['*'], resources: [deployments]}]
  validations: [{expression: 'object.metadata.name == "web" && object.spec.replicas <= 5'}]
`;

  it('tells which part of the expression decided, when the set was compiled for it', () => {
    const { resources } = resourcesOf(parseKubernetesYaml(documents(), 'policy.yaml'));
    const traced = compileAdmissionPolicies(resources, { trace: 'on', unbound: 'apply' });
    const plain = compileAdmissionPolicies(resources, { unbound: 'apply' });

    const [explained, unexplained] = [traced, plain].map((set) => judge(set, deployment(6)).denials[0]);

    expect(explained?.explanation?.map(({ value }) => value)).toEqual([false, 6]);
    expect(unexplained?.explanation).toBeUndefined();
  });
});

describe('the authorizer', () => {
  const set = policy(
    'validations: [{expression: authorizer.group("apps").resource("deployments").check("delete").allowed()}]',
  );

  it('is asked for the user of the request', () => {
    const data: AdmissionData = {
      objects: () => undefined,
      namespace: () => undefined,
      authorize: ({ verb, resource }, user) => ({
        decision: verb === 'delete' && resource === 'deployments' && user?.['username'] === 'anna' ? 'allow' : 'deny',
      }),
    };
    const asked = (username: string): boolean =>
      evaluateAdmission(set, { ...requestFor(deployment(1)), userInfo: { username } }, data).allowed;

    expect([asked('anna'), asked('bert')]).toEqual([true, false]);
  });

  it('denies when nobody can be asked', () => {
    const outcome = judge(set, deployment(1));

    expect(outcome.denials[0]?.message).toContain('nobody could be asked');
  });

  it('is not there in messages', () => {
    const refused = policy(
      'validations: [{expression: "true", messageExpression: "string(authorizer.path(\'/x\').check(\'get\').allowed())"}]',
    );

    expect(refused.problems[0]?.message).toContain("undeclared reference to 'authorizer'");
  });
});

describe('typed variables', () => {
  it.each([
    ['validations: [{expression: request.user == "a"}]', "undefined field 'user'"],
    ['validations: [{expression: namespaceObject.metadata.label.size() > 0}]', "undefined field 'label'"],
    ['validations: [{expression: params.a == 1}]', "undeclared reference to 'params'"],
    ['validations: [{expression: object.spec.paused}]', 'must evaluate to bool but got dyn'],
  ])('refuse what they do not have: %s', (spec, message) => {
    const set = policy(spec);

    expect(set.problems[0]?.message).toContain(message);
  });
});

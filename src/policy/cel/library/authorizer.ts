// SPDX-License-Identifier: Apache-2.0
// The authorizer library (apiserver pkg/cel/library/authz.go, Kubernetes 1.27; selectors 1.31): builds the attributes of a question and asks the
// host, who may do what. Who answers is behind the Authorizer interface; nothing is asked before check().

import type { CelLibrary } from '../declarations.ts';
import { functionsOf } from '../environment.ts';
import { boolType, stringType } from '../types.ts';
import type { CelValue } from '../values.ts';
import { CelError, CelOpaque, textOf } from '../values.ts';
import { opaqueKind } from './opaque.ts';

export interface AuthorizationQuestion {
  /** A user to ask for in place of the requester: a service account's. */
  readonly serviceAccount?: { readonly namespace: string; readonly name: string };
  readonly verb: string;
  /** A path outside the resources, `/healthz`. */
  readonly path?: string;
  readonly group?: string;
  readonly resource?: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly fieldSelector?: string;
  readonly labelSelector?: string;
}

export interface AuthorizationAnswer {
  readonly decision: 'allow' | 'deny' | 'no-opinion';
  readonly reason?: string;
  readonly error?: string;
}

export interface Authorizer {
  authorize(question: AuthorizationQuestion): AuthorizationAnswer;
}

type Attributes = Omit<AuthorizationQuestion, 'verb'>;
type Stage = 'Authorizer' | 'PathCheck' | 'GroupCheck' | 'ResourceCheck';

/** One step in building a question; each step is a type of its own. */
class CelQuestion extends CelOpaque {
  readonly typeName: string;
  readonly authorizer: Authorizer;
  readonly attributes: Attributes;

  constructor(stage: Stage, authorizer: Authorizer, attributes: Attributes) {
    super();
    this.typeName = `kubernetes.authorization.${stage}`;
    this.authorizer = authorizer;
    this.attributes = attributes;
  }

  equals(other: CelOpaque): boolean {
    return other === this;
  }
}

class CelDecision extends CelOpaque {
  readonly typeName = 'kubernetes.authorization.Decision';
  readonly answer: AuthorizationAnswer;

  constructor(answer: AuthorizationAnswer) {
    super();
    this.answer = answer;
  }

  equals(other: CelOpaque): boolean {
    return other === this;
  }
}

/** The value of the variable `authorizer`. */
export function authorizerValue(authorizer: Authorizer): CelValue {
  return new CelQuestion('Authorizer', authorizer, {});
}

/** The value of the variable `authorizer.requestResource`. */
export function resourceCheckValue(authorizer: Authorizer, attributes: Attributes): CelValue {
  return new CelQuestion('ResourceCheck', authorizer, attributes);
}

function stageKind(stage: Stage) {
  const name = `kubernetes.authorization.${stage}`;
  return opaqueKind<CelQuestion>(
    name,
    (value): value is CelQuestion => value instanceof CelQuestion && value.typeName === name,
  );
}

const start = stageKind('Authorizer');
const pathCheck = stageKind('PathCheck');
const groupCheck = stageKind('GroupCheck');
const resourceCheck = stageKind('ResourceCheck');
const decision = opaqueKind<CelDecision>(
  'kubernetes.authorization.Decision',
  (value): value is CelDecision => value instanceof CelDecision,
);

export const authorizerType = start.type;
export const resourceCheckType = resourceCheck.type;

function next(stage: Stage, add: (text: string) => Attributes) {
  return (from: CelQuestion, argument: CelValue): CelValue =>
    new CelQuestion(stage, from.authorizer, { ...from.attributes, ...add(textOf(argument)) });
}

function check(from: CelQuestion, verb: CelValue): CelValue {
  return new CelDecision(from.authorizer.authorize({ ...from.attributes, verb: textOf(verb) }));
}

function refine(id: string, add: (text: string) => Attributes) {
  return [resourceCheck.method1(id, [stringType, resourceCheck.type], next('ResourceCheck', add))];
}

export const authorizerLibrary: CelLibrary = {
  name: 'authorizer',
  constants: { ...start.constant, ...resourceCheck.constant, ...decision.constant },
  functions: functionsOf({
    path: [
      start.method1('authorizer_path', [stringType, pathCheck.type], (from, path) =>
        textOf(path) === ''
          ? new CelError('path must not be empty')
          : next('PathCheck', (text) => ({ path: text }))(from, path),
      ),
    ],
    group: [
      start.method1(
        'authorizer_group',
        [stringType, groupCheck.type],
        next('GroupCheck', (group) => ({ group })),
      ),
    ],
    serviceAccount: [
      {
        id: 'authorizer_serviceaccount',
        style: 'member',
        parameters: [start.type, stringType, stringType],
        result: start.type,
        run: (from = null, namespace = '', name = '') =>
          from instanceof CelQuestion
            ? new CelQuestion('Authorizer', from.authorizer, {
                serviceAccount: { namespace: textOf(namespace), name: textOf(name) },
              })
            : new CelError('no such overload'),
      },
    ],
    resource: [
      groupCheck.method1(
        'groupcheck_resource',
        [stringType, resourceCheck.type],
        next('ResourceCheck', (resource) => ({ resource })),
      ),
    ],
    subresource: refine('resourcecheck_subresource', (subresource) => ({ subresource })),
    namespace: refine('resourcecheck_namespace', (namespace) => ({ namespace })),
    name: refine('resourcecheck_name', (name) => ({ name })),
    fieldSelector: refine('resourcecheck_fieldselector', (fieldSelector) => ({ fieldSelector })),
    labelSelector: refine('resourcecheck_labelselector', (labelSelector) => ({ labelSelector })),
    check: [
      pathCheck.method1('pathcheck_check', [stringType, decision.type], check),
      resourceCheck.method1('resourcecheck_check', [stringType, decision.type], check),
    ],
    allowed: [decision.method('decision_allowed', boolType, ({ answer }) => answer.decision === 'allow')],
    reason: [decision.method('decision_reason', stringType, ({ answer }) => answer.reason ?? '')],
    errored: [decision.method('decision_errored', boolType, ({ answer }) => answer.error !== undefined)],
    error: [decision.method('decision_error', stringType, ({ answer }) => answer.error ?? '')],
  }),
};

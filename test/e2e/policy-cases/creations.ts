// SPDX-License-Identifier: Apache-2.0
// Policies of our own at the corners of the specification, with the object that is created: what a real API server and our evaluator must say alike,
// word for word.
import type { JsonObject } from '../../../src/formats/document.ts';
import { checks, settings, shows } from './objects.ts';
import { shownValues } from './shown-values.ts';

export interface PolicyCase {
  readonly name: string;
  /** Of a ValidatingAdmissionPolicy; what is not stated is about Pods and ConfigMaps. */
  readonly spec: JsonObject;
  readonly actions?: readonly string[];
  readonly object?: JsonObject;
}

export const policyCases: readonly PolicyCase[] = [
  ...Object.entries(shownValues).map(
    ([name, expression]): PolicyCase => ({ name: `shows ${name}`, spec: shows(expression) }),
  ),
  {
    name: 'asks the authorizer',
    spec: checks("!authorizer.group('apps').resource('deployments').namespace('default').check('create').allowed()"),
  },
  { name: 'passes', spec: checks('true', 'object.metadata.name == "web"') },
  { name: 'fails without a message', spec: checks('object.spec.containers.all(c, c.name.startsWith("x"))') },
  {
    name: 'fails without a message on several lines',
    spec: checks('object.metadata.name == "a" &&\n  object.metadata.name == "b"'),
  },
  { name: 'fails in the second of three', spec: checks('true', 'size(object.spec.containers) > 5', 'false') },
  { name: 'fails with a message', spec: { validations: [{ expression: 'false', message: 'the message' }] } },
  {
    name: 'prefers the expression of the message',
    spec: {
      validations: [{ expression: 'false', message: 'plain', messageExpression: "'made of ' + object.metadata.name" }],
    },
  },
  {
    name: 'falls back when the message expression fails',
    spec: {
      validations: [
        { expression: 'false', message: 'plain', messageExpression: 'string(object.metadata.annotations["x"])' },
      ],
    },
  },
  {
    name: 'falls back when the message expression fails and there is no message',
    spec: { validations: [{ expression: 'false', messageExpression: 'string(object.metadata.annotations["x"])' }] },
  },
  {
    name: 'falls back when the message is blank',
    spec: { validations: [{ expression: 'false', message: 'plain', messageExpression: "'   '" }] },
  },
  {
    name: 'falls back when the message has lines',
    spec: { validations: [{ expression: 'false', message: 'plain', messageExpression: "'a\\nb'" }] },
  },
  {
    name: 'falls back when the message is too long',
    spec: {
      validations: [
        {
          expression: 'false',
          message: 'plain',
          messageExpression: 'string(object.data.long) + string(object.data.long) + string(object.data.long)',
        },
      ],
    },
    object: settings,
  },
  { name: 'trims the message', spec: { validations: [{ expression: 'false', messageExpression: "'  around  '" }] } },
  { name: 'meets a key that is absent', spec: checks('object.metadata.annotations["x"] == "y"') },
  { name: 'meets a field that is absent', spec: checks('object.spec.nodeName == "y"') },
  { name: 'meets a field that no Pod has', spec: checks('object.spec.nodeNames == "y"') },
  { name: 'meets an index that is absent', spec: checks('object.spec.containers[7].name == "y"') },
  { name: 'divides by zero', spec: checks('1 / (size(object.spec.containers) - 2) == 1') },
  { name: 'overflows', spec: checks('9223372036854775807 + size(object.spec.containers) > 0') },
  { name: 'converts what is no number', spec: checks('int(object.metadata.name) == 1') },
  { name: 'compares what cannot be compared', spec: checks('dyn(object.metadata.name) < dyn(1)') },
  { name: 'gives no boolean', spec: checks('bool(object.metadata.name)') },
  { name: 'reads what is no quantity', spec: checks("quantity(object.metadata.name).isGreaterThan(quantity('1'))") },
  { name: 'reads what is no address', spec: checks('ip(object.metadata.name).family() == 4') },
  {
    name: 'lets an error pass where it is to be ignored',
    spec: { failurePolicy: 'Ignore', ...checks('object.spec.nodeName == "y"') },
  },
  {
    name: 'denies beside an error that is ignored',
    spec: { failurePolicy: 'Ignore', ...checks('object.spec.nodeName == "y"', 'false') },
  },
  { name: 'is saved from an error by or', spec: checks('object.spec.nodeName == "y" || true') },
  { name: 'is not saved from an error by and', spec: checks('object.spec.nodeName == "y" && true') },
  ...['Forbidden', 'Invalid', 'RequestEntityTooLarge'].map(
    (reason): PolicyCase => ({
      name: `gives the reason ${reason}`,
      spec: { validations: [{ expression: 'false', reason }] },
    }),
  ),
  { name: 'warns', spec: { validations: [{ expression: 'false', message: 'be careful' }] }, actions: ['Warn'] },
  { name: 'warns of an error', spec: checks('object.spec.nodeName == "y"'), actions: ['Warn', 'Audit'] },
  {
    name: 'warns of two',
    spec: {
      validations: [
        { expression: 'false', message: 'one' },
        { expression: 'false', message: 'two' },
      ],
    },
    actions: ['Warn'],
  },
  { name: 'only records', spec: checks('false'), actions: ['Audit'] },
  {
    name: 'uses variables that use variables',
    spec: {
      variables: [
        { name: 'names', expression: 'object.spec.containers.map(c, c.name)' },
        { name: 'count', expression: 'size(variables.names)' },
        { name: 'unused', expression: 'object.spec.nodeName' },
      ],
      validations: [{ expression: 'variables.count == 1', messageExpression: "variables.names.join('/')" }],
    },
  },
  {
    name: 'meets a variable that fails',
    spec: { variables: [{ name: 'node', expression: 'object.spec.nodeName' }], ...checks('variables.node == "x"') },
  },
  {
    name: 'is kept out by a condition',
    spec: { matchConditions: [{ name: 'not-web', expression: 'object.metadata.name != "web"' }], ...checks('false') },
  },
  {
    name: 'meets a condition that fails',
    spec: { matchConditions: [{ name: 'broken', expression: 'object.spec.nodeName == "x"' }], ...checks('false') },
  },
  {
    name: 'meets a condition that fails beside one that keeps it out',
    spec: {
      matchConditions: [
        { name: 'broken', expression: 'object.spec.nodeName == "x"' },
        { name: 'out', expression: 'false' },
      ],
      ...checks('false'),
    },
  },
  {
    name: 'meets a condition that fails and is ignored',
    spec: {
      failurePolicy: 'Ignore',
      matchConditions: [{ name: 'broken', expression: 'object.spec.nodeName == "x"' }],
      ...checks('false'),
    },
  },
  {
    name: 'meets an audit annotation that fails',
    spec: { auditAnnotations: [{ key: 'node', valueExpression: 'string(object.spec.nodeName)' }], ...checks('true') },
  },
  {
    name: 'costs too much',
    spec: checks(
      'object.data.long.split("").all(a, object.data.long.split("").all(b, object.data.long.contains(a + b + "y") == false))',
    ),
    object: settings,
  },
  {
    name: 'sees keys with dots',
    spec: shows("string(object.data['a.b']) + string(object.data.quote)"),
    object: settings,
  },
  { name: 'sees numbers as texts', spec: checks('int(object.data.level) > 10'), object: settings },
  {
    name: 'is about other resources',
    spec: {
      matchConstraints: {
        resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['secrets'] }],
      },
      ...checks('false'),
    },
  },
  {
    name: 'is about every resource',
    spec: {
      matchConstraints: {
        resourceRules: [{ apiGroups: ['*'], apiVersions: ['*'], operations: ['*'], resources: ['*'] }],
      },
      ...checks('false'),
    },
  },
  {
    name: 'is about cluster-scoped resources',
    spec: {
      matchConstraints: {
        resourceRules: [
          { apiGroups: ['*'], apiVersions: ['*'], operations: ['*'], resources: ['*'], scope: 'Cluster' },
        ],
      },
      ...checks('false'),
    },
  },
  {
    name: 'is about one name',
    spec: {
      matchConstraints: {
        resourceRules: [
          {
            apiGroups: [''],
            apiVersions: ['v1'],
            operations: ['CREATE'],
            resources: ['pods'],
            resourceNames: ['other'],
          },
        ],
      },
      ...checks('false'),
    },
  },
  {
    name: 'excludes what it is about',
    spec: {
      matchConstraints: {
        resourceRules: [{ apiGroups: ['*'], apiVersions: ['*'], operations: ['*'], resources: ['*'] }],
        excludeResourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
      },
      ...checks('false'),
    },
  },
  {
    name: 'selects namespaces',
    spec: {
      matchConstraints: {
        resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
        namespaceSelector: {
          matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['default'] }],
        },
      },
      ...checks('false'),
    },
  },
  {
    name: 'is about subresources only',
    spec: {
      matchConstraints: {
        resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods/*'] }],
      },
      ...checks('false'),
    },
  },
];

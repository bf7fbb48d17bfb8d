// SPDX-License-Identifier: Apache-2.0
// Policies that an API server takes or refuses when they are written.
import type { JsonObject } from '../../../src/formats/document.ts';
import { checks } from './objects.ts';

/** Policies that an API server does not take, or takes: whether both compile the same. */
export const writtenPolicies: Readonly<Record<string, JsonObject>> = {
  'a syntax error': checks('object.metadata.name =='),
  'an unknown function': checks('object.metadata.name.reverseTwice()'),
  'an unknown variable': checks('subject.metadata.name == "x"'),
  'a type error between literals': checks('1 == "a"'),
  'a number for a boolean': checks('1 + 1'),
  'a text for a message expression': { validations: [{ expression: 'false', messageExpression: '1' }] },
  'an undeclared composed variable': checks('variables.x == 1'),
  'a variable before its declaration': {
    variables: [
      { name: 'a', expression: 'variables.b' },
      { name: 'b', expression: '1' },
    ],
    ...checks('variables.a == 1'),
  },
  'a variable of a wrong name': { variables: [{ name: 'a-b', expression: '1' }], ...checks('true') },
  'a field of the object that does not exist': checks('object.spec.nodeNames == "x"'),
  'params without a kind': checks('params.x == 1'),
  'an unknown field of request': checks('request.nothing == 1'),
  'a condition of a wrong type': { matchConditions: [{ name: 'a', expression: '1' }], ...checks('true') },
  'variables in a condition': {
    variables: [{ name: 'a', expression: 'true' }],
    matchConditions: [{ name: 'a', expression: 'variables.a' }],
    ...checks('true'),
  },
  'a regular expression that is none': checks('object.metadata.name.matches("[")'),
  'a quantity that is none': checks('quantity("x").isGreaterThan(quantity("1"))'),
  'a duration that is none': checks('duration("a") == duration("1s")'),
  'a reason that is none': { validations: [{ expression: 'true', reason: 'NotFound' }] },
  'an index outside a format': checks('"%s".format([1]) == ""'),
  'null for a label that may be absent': checks("object.metadata.?labels[?'a'].orValue(null) == 'x'"),
  'null for a field that may be absent': checks("object.metadata.?labels.orValue(null) == 'x'"),
  'null of no known type for a label that may be absent': checks(
    "object.metadata.?labels[?'a'].orValue(dyn(null)) == 'x'",
  ),
  'a message with lines': { validations: [{ expression: 'true', message: 'a\nb' }] },
  'a blank expression': checks(' '),
  'the namespace object': checks('namespaceObject.metadata.labels.exists(l, l == "x")'),
  'a two-variable comprehension': checks('object.metadata.labels.all(k, v, k != v)'),
  'an audit annotation of a number': { auditAnnotations: [{ key: 'a', valueExpression: '1' }] },
  'an audit annotation of null': { auditAnnotations: [{ key: 'a', valueExpression: 'null' }] },
};

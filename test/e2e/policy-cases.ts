// SPDX-License-Identifier: Apache-2.0
// Policies of our own at the corners of the specification, with the object that each is asked about: what a real API server and our evaluator must say
// alike, word for word.
import type { JsonObject } from '../../src/formats/document.ts';

export interface PolicyCase {
  readonly name: string;
  /** Of a ValidatingAdmissionPolicy; what is not stated is about Pods and ConfigMaps. */
  readonly spec: JsonObject;
  readonly actions?: readonly string[];
  readonly object?: JsonObject;
}

export const usualPod: JsonObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'default', labels: { app: 'web', 'team.example/name': 'shop' } },
  spec: {
    containers: [
      {
        name: 'web',
        image: 'registry.example.com/shop/web:1.4',
        ports: [{ containerPort: 8080, name: 'http' }],
        resources: { limits: { cpu: '500m', memory: '1Gi' } },
        livenessProbe: { httpGet: { path: '/', port: 'http' } },
        readinessProbe: { httpGet: { path: '/', port: 8080 } },
        env: [{ name: 'A', value: '1' }, { name: 'B' }],
      },
      { name: 'side', image: 'side', securityContext: { runAsUser: 0, capabilities: { add: ['NET_ADMIN'] } } },
    ],
  },
};

export const settings: JsonObject = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'settings', namespace: 'default' },
  data: { level: '7', long: 'x'.repeat(2_000), 'a.b': 'c', quote: `it's "so"` },
};

function checks(...expressions: readonly string[]): JsonObject {
  return { validations: expressions.map((expression) => ({ expression })) };
}

/** An expression that shows a value in its message, so that the value itself is compared. */
function shows(expression: string): JsonObject {
  return { validations: [{ expression: 'false', messageExpression: expression }] };
}

/** Values that are shown: how both sides compute and print them. */
const shown: Readonly<Record<string, string>> = {
  'a string': "object.metadata.name + '!'",
  'a number': 'string(size(object.spec.containers))',
  'a double': 'string(1.0 / 3.0)',
  'a large double': 'string(1e21)',
  'a whole double': 'string(2.0)',
  'a bytes value': "string(b'abc')",
  'a format of many types':
    "'%s %d %.3f %x %o %b %e %s %s'.format(['a', 5, 1.5, 255, 8, 5, 12345.678, [1, 2], {'b': true, 'a': null}])",
  'a format of an object': "'%s'.format([object.spec.containers[0].ports[0]])",
  'a joined list': "object.spec.containers.map(c, c.name).join(', ')",
  'a sorted list': "['b', 'a', 'c'].sort().join(',')",
  'an upper-case text': "object.metadata.name.upperAscii() + ' x '.trim() + 'aXbX'.split('X').join('-')",
  'a replaced text': "'a-b-c'.replace('-', '+', 1) + 'abcdef'.substring(2, 4) + string('abc'.indexOf('c'))",
  'what a regular expression finds': "object.spec.containers[0].image.find('[0-9]+[.][0-9]+')",
  'all that a regular expression finds': "'a1b22'.findAll('[0-9]+').join(',')",
  'a quantity': "string(quantity('1Gi').asInteger()) + ' ' + string(quantity('500m').asApproximateFloat())",
  'a sum of quantities': "string(quantity('1500m').add(quantity('500m')).compareTo(quantity('2')))",
  'a quantity of the object':
    "string(quantity(object.spec.containers[0].resources.limits['memory']).isGreaterThan(quantity('512Mi')))",
  'an address': "ip('10.0.0.1').family() == 4 && cidr('10.0.0.0/8').containsIP('10.1.2.3') ? 'inside' : 'outside'",
  'an address in its canonical form': "string(ip('2001:db8::0:1')) + ' ' + string(ip.isCanonical('2001:DB8::1'))",
  'a URL': "url('https://a.example:8443/x?y=1').getHost() + url('https://a.example/x?y=1').getQuery()['y'][0]",
  'a semantic version': "string(semver('1.2.3').isLessThan(semver('1.10.0'))) + string(isSemver('1.2'))",
  'a named format': "string(format.dns1123Label().validate('A_b').hasValue())",
  'what a named format says': "format.dns1123Label().validate('A_b').value().join('; ')",
  'an optional value': "object.spec.?nodeName.orValue('nowhere') + object.metadata.?labels['app'].orValue('')",
  'an optional entry of a map': "object.metadata.labels[?'team.example/name'].orValue('-')",
  'an optional element': 'object.spec.containers[?5].hasValue() ? "yes" : "no"',
  sets: 'string(sets.contains([1, 2], [2])) + string(sets.intersects([1], [2])) + string(sets.equivalent([1, 1], [1]))',
  'sums and extremes': 'string([1, 2, 3].sum()) + string([3, 1].min()) + string([1, 3].max())',
  'a duration': "string(duration('90m')) + ' ' + string(duration('1h').getMinutes())",
  'a time':
    "string(timestamp('2026-01-02T03:04:05Z').getDayOfWeek()) + string(timestamp('2026-01-02T03:04:05Z') + duration('1h'))",
  'the age of the object': "type(object.metadata.creationTimestamp) == string ? 'text' : 'time'",
  'a port that is a name': "type(object.spec.containers[0].livenessProbe.httpGet.port) == string ? 'text' : 'number'",
  'a port that is a number': "type(object.spec.containers[0].readinessProbe.httpGet.port) == int ? 'number' : 'text'",
  'a value without a key': 'string(has(object.spec.containers[0].env[1].value)) + string(has(object.spec.hostNetwork))',
  'who asks': "request.userInfo.username + ' ' + request.userInfo.groups.join(',') + ' ' + request.operation",
  'what is asked':
    "request.kind.group + '/' + request.kind.version + '/' + request.kind.kind + ' ' + request.resource.resource + ' ' + request.name + ' ' + request.namespace + ' ' + string(request.dryRun)",
  'what was asked for at first':
    "request.requestKind.kind + ' ' + request.requestResource.resource + ' [' + request.subResource + ']'",
  'the namespace':
    "namespaceObject.metadata.name + ' ' + namespaceObject.metadata.labels['kubernetes.io/metadata.name']",
  'no old object': "oldObject == null ? 'none' : 'some'",
  'a comprehension with index': "object.spec.containers.transformList(i, c, string(i) + c.name).join(',')",
  'a transformed map': "object.metadata.labels.transformList(k, v, k + '=' + v).sort().join(',')",
  'exactly one': "string(object.spec.containers.exists_one(c, c.name == 'web'))",
  'mixed numbers':
    'string(dyn(1) == dyn(1.0)) + string(dyn(1) < 1.5) + string(3 / 2) + string(-7 % 3) + string(uint(3) + 4u)',
  'keys in brackets': "string(object.metadata.labels['team.example/name'])",
  'a text with quotes and lines': `"it's \\"so\\"" + ' and \\\\ ' + r'\\n'`,
  'a text of other alphabets': "'größe ☃'.upperAscii() + string(size('größe ☃')) + 'größe'.charAt(2)",
  'the variable of a policy': 'request.name.lowerAscii()',
};

export const policyCases: readonly PolicyCase[] = [
  ...Object.entries(shown).map(
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

export interface ChangeCase {
  readonly name: string;
  readonly operation: 'UPDATE' | 'DELETE';
  readonly operations?: readonly string[];
  readonly spec: JsonObject;
}

/** What is asked of a change of `settings`: its level goes from 7 to 8, or it is deleted. */
export const changeCases: readonly ChangeCase[] = [
  {
    name: 'compares with the old object',
    operation: 'UPDATE',
    spec: checks('object.data.level == oldObject.data.level'),
  },
  {
    name: 'shows what changes',
    operation: 'UPDATE',
    spec: shows("string(oldObject.data.level) + ' to ' + string(object.data.level)"),
  },
  {
    name: 'lets a smaller change pass',
    operation: 'UPDATE',
    spec: checks('int(object.data.level) - int(oldObject.data.level) <= 1'),
  },
  {
    name: 'knows the operation',
    operation: 'UPDATE',
    spec: shows("request.operation + ' ' + request.name + ' ' + request.options.kind"),
  },
  { name: 'is only about creations', operation: 'UPDATE', operations: ['CREATE'], spec: checks('false') },
  {
    name: 'sees the same identity',
    operation: 'UPDATE',
    spec: checks('object.metadata.uid != oldObject.metadata.uid'),
  },
  {
    name: 'sees the version',
    operation: 'UPDATE',
    spec: checks('object.metadata.resourceVersion != oldObject.metadata.resourceVersion'),
  },
  { name: 'has no object when one is deleted', operation: 'DELETE', spec: shows("object == null ? 'none' : 'some'") },
  { name: 'has the old object when one is deleted', operation: 'DELETE', spec: shows('string(oldObject.data.level)') },
  { name: 'fails on the object when one is deleted', operation: 'DELETE', spec: checks('object.data.level == "7"') },
  {
    name: 'knows how it is deleted',
    operation: 'DELETE',
    spec: shows("request.operation + ' ' + request.options.kind"),
  },
  { name: 'is about any operation', operation: 'DELETE', operations: ['*'], spec: checks('false') },
  { name: 'is not about deletions', operation: 'DELETE', operations: ['CREATE', 'UPDATE'], spec: checks('false') },
];

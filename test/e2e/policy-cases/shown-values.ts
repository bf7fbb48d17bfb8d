// SPDX-License-Identifier: Apache-2.0
// How values are computed and printed: each is shown in a message.

/** Values that are shown: how both sides compute and print them. */
export const shownValues: Readonly<Record<string, string>> = {
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

// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kubernetesEnvironment } from './kubernetes.ts';
import type { Authorizer } from './library/authorizer.ts';
import { authorizerType, authorizerValue } from './library/authorizer.ts';
import { parseCidr, parseIp } from './library/ip-address.ts';
import { parseQuantity } from './library/quantity.ts';
import { regexExtensionLibrary } from './library/regex-extension.ts';
import { parseSemver } from './library/semver.ts';
import { parseUrl } from './library/url.ts';
import { compileCel } from './program.ts';
import { dynType } from './types.ts';
import type { CelValue } from './values.ts';
import { CelError } from './values.ts';

const environment = kubernetesEnvironment({ variables: [{ name: 'authorizer', type: authorizerType }] });

function evaluate(text: string, variables: Readonly<Record<string, CelValue>> = {}): CelValue {
  const compiled = compileCel(text, environment);
  if (compiled.kind === 'fault') throw new Error(compiled.faults.map(({ message }) => message).join('\n'));
  const { value } = compiled.program.evaluate(variables);
  return value instanceof CelError ? `error: ${value.message}` : value;
}

describe('costs', () => {
  const costly = kubernetesEnvironment({ variables: [{ name: 'object', type: dynType }] });
  const object = {
    spec: {
      containers: [
        { name: 'a', image: 'reg/a:1' },
        { name: 'b', image: 'b' },
      ],
      replicas: 3,
    },
  };

  // Figures of the API server (Kubernetes 1.36).
  it.each([
    ['object.spec.replicas', 3],
    ['has(object.spec.foo)', 2],
    ['object.spec.?foo.orValue(1)', 2],
    ['object.spec.containers.all(c, c.image == "x")', 12],
    ['object.spec.containers.exists_one(c, c.name == "b")', 13],
    ['object.spec.containers.map(c, c.name)', 32],
    ['object.spec.containers.filter(c, c.name == "b")', 23],
    ['object.spec.containers.map(c, c.name == "a", c.image)', 24],
    ['object.spec.replicas in [1, 2, 3]', 3],
    ['object.spec.containers[0].image.split("/")', 7],
    ['[1, 2] == [1, 2] && duration("1h") > duration("1s")', 2],
  ])('are those of the API server: %s', (text, expected) => {
    const compiled = compileCel(text, costly);

    const cost = compiled.kind === 'program' ? compiled.program.evaluate({ object }).cost : undefined;

    expect(cost).toBe(expected);
  });
});

describe('the regex extension', () => {
  const extended = kubernetesEnvironment({ libraries: [regexExtensionLibrary] });

  it.each([
    ["regex.replace('banana', 'a', 'x', 2) == 'bxnxna' && regex.replace('banana', 'a', 'x') == 'bxnxnx'", true],
    ["regex.replace('foo bar', '(fo)o (ba)r', r'\\2 \\1') == 'ba fo' && regex.replace('a', 'a', 'b', 0) == 'a'", true],
    ["regex.extract('item-A, item-B', 'item-(\\\\w+)').value() == 'A' && !regex.extract('A', 'b').hasValue()", true],
    [
      "regex.extractAll('id:123, id:456', 'id:\\\\d+') == ['id:123', 'id:456'] && regex.extractAll('a', 'b') == []",
      true,
    ],
    ["regex.replace('test', '(.)', r'\\2')", 'references group 2'],
    ["regex.extract('a@b', '(.*)@(.*)')", 'more than one capturing group'],
    ["regex.replace('a', '(', 'b')", 'missing closing'],
  ])('%s', (text, expected) => {
    const compiled = compileCel(text, extended);

    const value = compiled.kind === 'program' ? compiled.program.evaluate({}).value : compiled.faults[0]?.message;

    if (expected === true) expect(value).toBe(true);
    else expect(value instanceof CelError ? value.message : value).toContain(expected);
  });
});

describe('libraries of Kubernetes', () => {
  it.each([
    'quantity("500m").isLessThan(quantity("1")) && quantity("1Gi").compareTo(quantity("1024Mi")) == 0',
    'quantity("1.5k").asInteger() == 1500 && !quantity("1.5").isInteger() && quantity("-2").sign() == -1',
    'quantity("50k").add(20).sub(quantity("20")) == quantity("50000") && quantity("1e3") == quantity("1E3")',
    'isQuantity("1.3Gi") && !isQuantity("1,3") && !isQuantity("") && !isQuantity("200K")',
    'quantity("1").asApproximateFloat() == 1.0 && quantity("1E") == quantity("1000P")',
  ])('%s', (text) => {
    expect(evaluate(text)).toBe(true);
  });

  it.each([
    'ip("10.0.0.1").family() == 4 && string(ip("2001:DB8:0:0::68")) == "2001:db8::68"',
    'isIP("::1") && ip("::1").isLoopback() && !isIP("10.0.0.01") && !isIP("1.2.3") && !isIP(":::")',
    'cidr("10.0.0.0/8").containsIP("10.1.2.3") && !cidr("10.0.0.0/8").containsIP("11.0.0.1")',
    'cidr("10.0.0.0/8").containsCIDR("10.1.0.0/16") && cidr("10.1.2.3/8").masked() == cidr("10.0.0.0/8")',
    '!isCIDR("10.0.0.0/33") && cidr("::/0").prefixLength() == 0 && cidr("fe80::/10").ip() == ip("fe80::")',
  ])('%s', (text) => {
    expect(evaluate(text)).toBe(true);
  });

  it.each([
    'url("https://user@example.com:8443/a b?".replace(" ", "%20")).getHost() == "example.com:8443"',
    'url("https://[::1]:80/x").getHostname() == "::1" && url("https://[::1]:80/x").getPort() == "80"',
    'url("/path?k=1&k=2").getQuery()["k"] == ["1", "2"] && url("/p").getScheme() == ""',
    'isURL("https://example.com") && !isURL("example.com") && !isURL("https://a b") && !isURL("../x")',
  ])('%s', (text) => {
    expect(evaluate(text)).toBe(true);
  });

  it.each([
    '"abc 123 45".find("[0-9]+") == "123" && "abc".find("[0-9]+") == ""',
    '"123 abc 456".findAll("[0-9]+") == ["123", "456"] && "1 2 3".findAll("[0-9]", 2) == ["1", "2"]',
    '[1, 2, 2].isSorted() && ![2, 1].isSorted() && [3, 1].min() == 1 && ["a", "b"].max() == "b"',
    '[1, 2].sum() == 3 && [1.5, 2.5].sum() == 4.0 && ["a", "b", "a"].lastIndexOf("a") == 2 && [1].indexOf(2) == -1',
    'sets.contains([1, 2, 3], [2, 2]) && sets.equivalent([1, 1], [1]) && !sets.intersects([1], [2])',
    '!dyn(null).?a.hasValue() && !has(dyn("text").a) && !dyn(1)[?"a"].hasValue() && !optional.of(dyn(null)).?a.hasValue()',
    'optional.of(1).orValue(1 / 0) == 1 && optional.of(2).or(optional.of(1 / 0)).value() == 2',
    '[1, 2, 3, 4].slice(1, 3) == [2, 3] && [[1], [2, 3]].flatten() == [1, 2, 3] && [1, 2].reverse() == [2, 1]',
    '[dyn(1), dyn([2, 3])].flatten(2) == [1, 2, 3] && [[[1]]].flatten(1) == [[1]] && lists.range(3) == [0, 1, 2] && lists.range(-1) == []',
    '[3, 1, 2].sort() == [1, 2, 3] && ["b", "a"].sort() == ["a", "b"] && [1, 2, 1].distinct() == [1, 2]',
    '[{"n": "x", "s": "2"}, {"n": "y", "s": "1"}].sortBy(e, e.s).map(e, e.n) == ["y", "x"]',
    '["bb", "a", "ccc"].sortBy(e, size(e)) == ["a", "bb", "ccc"] && [1, 3, 2].sortBy(e, -e) == [3, 2, 1]',
    '[1, 2].first().value() == 1 && [1, 2].last() == optional.of(2) && ![].first().hasValue()',
    'jsonpatch.escapeKey("a/b~c") == "a~1b~0c"',
    'semver("1.2.3-rc.2").isLessThan(semver("1.2.3-rc.10")) && semver("1.2.3").compareTo(semver("1.2.3-a")) == 1',
    '!isSemver("v1.0") && semver("v01.2", true).minor() == 2 && !isSemver("1.02.3")',
    '!format.dns1123Label().validate("my-label").hasValue() && format.dns1123Label().validate("My").hasValue()',
    'format.named("uuid").hasValue() && !format.named("nothing").hasValue()',
    '!format.qualifiedName().validate("example.com/name").hasValue() && format.byte().validate("a").hasValue()',
    '!format.date().validate("2024-02-29").hasValue() && format.date().validate("2023-02-29").hasValue()',
  ])('%s', (text) => {
    expect(evaluate(text)).toBe(true);
  });

  it('ask the authorizer with all that was said', () => {
    const asked: unknown[] = [];
    const authorizer: Authorizer = {
      authorize: (question) => {
        asked.push(question);
        return { decision: 'allow', reason: 'rbac' };
      },
    };

    const value = evaluate(
      'authorizer.serviceAccount("ns", "sa").group("apps").resource("deployments").namespace("x").check("get").allowed()',
      { authorizer: authorizerValue(authorizer) },
    );

    expect(value).toBe(true);
    expect(asked).toEqual([
      {
        serviceAccount: { namespace: 'ns', name: 'sa' },
        group: 'apps',
        resource: 'deployments',
        namespace: 'x',
        verb: 'get',
      },
    ]);
  });

  it('come with their version', () => {
    const compiled = compileCel('isIP("10.0.0.1")', kubernetesEnvironment({ minor: 29 }));

    expect(compiled.kind).toBe('fault');
  });

  it('refuse lists of several types', () => {
    expect(compileCel('[1, "a"]', environment).kind).toBe('fault');
  });

  it('never throw on any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        for (const parse of [parseIp, parseCidr, parseQuantity, parseSemver, parseUrl]) parse(text);
      }),
    );
  });
});

// SPDX-License-Identifier: Apache-2.0
// The files of others that configure registries, and the fields that registries speak through.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { credentialKeys, parseDockerConfig } from './docker-config.ts';
import { nextLink, parseChallenges, retryAfterSeconds } from './http-fields.ts';
import { parseReference } from './reference.ts';
import { parseRegistriesConf, placesOf } from './registries-conf.ts';

function places(toml: string, image: string): string[] | 'blocked' {
  const parsed = parseReference(image);
  if (parsed.kind === 'invalid') throw new Error(parsed.reason);
  const found = placesOf(parsed.reference, parseRegistriesConf(toml, 'registries.conf').rules);
  return found === 'blocked'
    ? found
    : found.map(({ registry, repository, insecure }) => `${registry}/${repository}${insecure ? ' insecure' : ''}`);
}

describe('registries.conf', () => {
  const mirrored = `
[[registry]]
prefix = "registry.example/team"
location = "inside.example/mirror-of/team"
insecure = true
[[registry.mirror]]
location = "one.example/a"
pull-from-mirror = "digest-only"
[[registry.mirror]]
location = "two.example"
insecure = true
[[registry]]
location = "registry.example"
blocked = true
[[registry]]
prefix = "*.wild.example"
location = "wild.example/all"
[[registry]]
prefix = "a.wild.example"
`;

  it.each<[string, string, string[] | 'blocked']>([
    [
      'mirrors come first, the location replaces the prefix',
      'registry.example/team/app:1',
      ['two.example/app insecure', 'inside.example/mirror-of/team/app insecure'],
    ],
    [
      'a mirror may be for digests only',
      `registry.example/team/app@sha256:${'a'.repeat(64)}`,
      ['one.example/a/app', 'two.example/app insecure', 'inside.example/mirror-of/team/app insecure'],
    ],
    ['the longest prefix counts', 'registry.example/other/app', 'blocked'],
    ['a blocked host is blocked on every port', 'registry.example:5000/app', 'blocked'],
    ['a prefix ends where a part of the name ends', 'registry.example/teams/app', 'blocked'],
    ['a wildcard is for every host below', 'b.wild.example/app', ['wild.example/all/app']],
    ['a host is more special than a wildcard', 'a.wild.example/app', ['a.wild.example/app']],
    ['a wildcard is not for the domain itself', 'wild.example/app', ['wild.example/app']],
    ['others stay as they are', 'elsewhere.example/app', ['elsewhere.example/app']],
  ])('%s', (_, image, expected) => {
    expect(places(mirrored, image)).toEqual(expected);
  });

  it('of the first version names insecure and blocked registries', () => {
    const old = '[registries.insecure]\nregistries = ["a.example"]\n[registries.block]\nregistries = ["b.example"]\n';

    expect([places(old, 'a.example/x'), places(old, 'b.example/x')]).toEqual([['a.example/x insecure'], 'blocked']);
  });

  it('with a registry that has no name is a problem with its line', () => {
    const { problems } = parseRegistriesConf('[[registry]]\nblocked = true\n', 'registries.conf');

    expect(problems).toMatchObject([{ hidesFindings: true, location: { line: 1 } }]);
  });
});

describe('config.json of docker', () => {
  it('holds credentials in several forms', () => {
    const auth = Buffer.from('ada:pass:word\0\0').toString('base64');
    const text = JSON.stringify({
      auths: {
        'https://index.docker.io/v1/': { auth },
        'https://Registry.Example/v2/': { username: 'bob', password: 'x' },
        'tokens.example': { auth, identitytoken: 'refresh' },
        'bearer.example': { registrytoken: 'token' },
        'helped.example': {},
        'broken.example': { auth: 'nonsense' },
      },
      credHelpers: { 'helped.example': 'vault', 'evil.example': '../../bin/sh' },
      credsStore: '-x',
    });

    const { credentials, helpers, store, problems } = parseDockerConfig(text, 'config.json');

    expect(Object.fromEntries(credentials)).toEqual({
      'docker.io': { kind: 'basic', username: 'ada', password: 'pass:word' },
      'registry.example': { kind: 'basic', username: 'bob', password: 'x' },
      'tokens.example': { kind: 'identity-token', token: 'refresh' },
      'bearer.example': { kind: 'registry-token', token: 'token' },
    });
    expect([[...helpers], store]).toEqual([[['helped.example', 'vault']], undefined]);
    expect(JSON.stringify(problems)).not.toContain('nonsense');
    expect(problems).toHaveLength(1);
  });

  it('is looked through from the nearest part of a repository', () => {
    expect(credentialKeys('r.example', 'a/b')).toEqual(['r.example/a/b', 'r.example/a', 'r.example']);
  });
});

describe('a challenge', () => {
  it.each<[string, unknown]>([
    [
      'Bearer realm="https://a.example/token",service="a b",scope="repository:x:pull,push"',
      [['bearer', { realm: 'https://a.example/token', service: 'a b', scope: 'repository:x:pull,push' }]],
    ],
    ['Basic realm="x"', [['basic', { realm: 'x' }]]],
    [
      'Negotiate, Basic realm=x , charset="UTF-8"',
      [
        ['negotiate', {}],
        ['basic', { realm: 'x', charset: 'UTF-8' }],
      ],
    ],
    ['Bearer realm="a\\"b", realm="second"', [['bearer', { realm: 'a"b' }]]],
    ['Bearer REALM = "x"', [['bearer', { realm: 'x' }]]],
    ['"x"', []],
    ['', []],
  ])('%s is understood', (text, expected) => {
    expect(parseChallenges(text).map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)])).toEqual(
      expected,
    );
  });

  it('of any text never throws, and long ones end', () => {
    fc.assert(fc.property(fc.string(), (text) => parseChallenges(text).length <= text.length));

    for (const text of ['a=', '"\\', 'a ', ', ', 'Bearer a="'])
      expect(parseChallenges(text.repeat(50_000))).toBeDefined();
  });
});

it.each([
  ['</v2/x?n=1>; rel="next"', '/v2/x?n=1'],
  ['<a>; rel=prev, <b>; title="x"; rel="last next"', 'b'],
  ['<a>; rel=prev', undefined],
  ['nothing', undefined],
  [undefined, undefined],
])('the next page in %j is %j', (field, expected) => {
  expect(nextLink(field)).toBe(expected);
});

it.each([
  ['30', 30],
  ['Thu, 01 Jan 2026 00:01:00 GMT', 60],
  ['Wed, 31 Dec 2025 00:00:00 GMT', 0],
  ['soon', undefined],
  ['-5', undefined],
  [undefined, undefined],
])('Retry-After %j is %j seconds', (field, expected) => {
  expect(retryAfterSeconds(field, Date.UTC(2026, 0, 1))).toBe(expected);
});

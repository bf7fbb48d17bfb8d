// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { Asking } from '../../../test/support/kyverno-rule.ts';
import { compiled, podOf, policyOf, verdictOf } from '../../../test/support/kyverno-rule.ts';
import type { JsonObject } from '../../formats/document.ts';
import { failOpenRemarks } from './fail-open.ts';

/** First words of what both say. */
function both(rule: JsonObject, object: JsonObject, asking: Asking = {}): readonly [string, string] {
  const first = (hardening: 'parity' | 'strict'): string =>
    verdictOf(compiled([policyOf(rule)], { hardening }), object, asking).split(' ')[0] ?? '';
  return [first('parity'), first('strict')];
}

const pattern = (value: JsonObject, more: JsonObject = {}): JsonObject => ({ validate: { pattern: value, ...more } });
const deny = (condition: JsonObject): JsonObject => ({ validate: { deny: { conditions: { any: [condition] } } } });
const guarded = (condition: JsonObject): JsonObject => ({
  preconditions: { all: [condition] },
  ...pattern({ spec: { hostPID: 'false' } }),
});
const host = '{{ request.object.metadata.annotations.host || `null` }}';
const on = (text: string): JsonObject => podOf({ hostPID: true }, { annotations: { host: text } });

/** Code of the remark, the rule, an object that slips through, one that need not be refused, and what the strict verdict is. */
const rows: readonly (readonly [string, JsonObject, JsonObject, JsonObject, string])[] = [
  [
    'wildcards-of-the-object',
    deny({ key: host, operator: 'AnyNotIn', value: ['a.example', 'b.*'] }),
    on('*'),
    on('b.example'),
    'fail',
  ],
  ['null-is-neither', deny({ key: host, operator: 'NotEquals', value: 'a.example' }), podOf(), on('a.example'), 'fail'],
  [
    'any-of-nothing',
    { preconditions: { any: [] }, ...pattern({ spec: { hostPID: 'false' } }) },
    podOf({ hostPID: true }),
    podOf({ hostPID: false }),
    'fail',
  ],
  [
    'only-first-element',
    pattern({ spec: { containers: [{ image: '*' }, { name: 'a' }] } }),
    podOf({ containers: [{ name: 'b', image: 'x' }] }),
    podOf({ containers: [{ name: 'a', image: 'x' }] }),
    'fail',
  ],
  [
    'empty-list-passes',
    pattern({ spec: { tolerations: [{ key: 'team' }] } }),
    podOf({ tolerations: [] }),
    podOf({ tolerations: [{ key: 'team' }] }),
    'fail',
  ],
  ['null-pattern', pattern({ spec: { nodeName: null } }), podOf({ nodeName: '' }), podOf(), 'fail'],
  [
    'existence-of-nothing',
    pattern({ spec: { '^(volumes)': [{ name: 'a' }] } }),
    podOf(),
    podOf({ volumes: [{ name: 'a' }, { name: 'b' }] }),
    'fail',
  ],
  [
    'first-key-counts',
    pattern({ metadata: { annotations: { 'app*': 'yes' } } }),
    podOf({}, { annotations: { app1: 'yes', app2: 'no' } }),
    podOf({}, { annotations: { app1: 'yes', app2: 'yes', other: 'no' } }),
    'fail',
  ],
  [
    'anchor-skips-siblings',
    pattern({ metadata: { labels: { '(app)': 'web', team: '?*' } }, spec: { hostPID: 'false' } }),
    podOf({ hostPID: true }, { labels: { app: 'none' } }),
    podOf({ hostPID: false }, { labels: { app: 'none' } }),
    'fail',
  ],
  [
    'pattern-of-the-object',
    pattern({ spec: { nodeName: '{{ request.object.metadata.annotations.host }}' } }),
    podOf({ nodeName: 'other' }, { annotations: { host: '*' } }),
    podOf({ nodeName: 'a' }, { annotations: { host: 'a' } }),
    'fail',
  ],
  [
    'loop-passed-over',
    { validate: { foreach: [{ list: 'request.object.specs.containers', pattern: { image: 'a' } }] } },
    podOf({ containers: [{ image: 'b' }] }),
    podOf(),
    'error',
  ],
  [
    'element-passed-over',
    {
      validate: {
        foreach: [
          {
            list: 'request.object.spec.containers',
            preconditions: { all: [{ key: '{{ element.use }}', operator: 'Equals', value: 'x' }] },
            pattern: { image: 'a' },
          },
        ],
      },
    },
    podOf({ containers: [{ image: 'b' }, { image: 'a', use: 'x' }] }),
    podOf({
      containers: [
        { image: 'b', use: 'y' },
        { image: 'a', use: 'x' },
      ],
    }),
    'error',
  ],
  [
    'kind-in-other-case',
    { match: { any: [{ resources: { kinds: ['pod'] } }] }, ...pattern({ spec: { hostPID: 'false' } }) },
    podOf({ hostPID: true }),
    podOf({ hostPID: false }),
    'fail',
  ],
];

describe('strict hardening closes', () => {
  it.each(rows)('%s', (code, rule, slipping, fine, verdict) => {
    const [parity, strict] = both(rule, slipping);

    expect(['pass', 'skip', 'none']).toContain(parity);
    expect(strict).toBe(verdict);
    if (code !== 'loop-passed-over') expect(['pass', 'skip', 'none']).toContain(both(rule, fine)[1]);
    expect(failOpenRemarks(policyOf(rule)).map((remark) => remark.code)).toContain(code);
  });

  it('existing-violations', () => {
    const rule = pattern({ spec: { hostPID: 'false' } });
    const asking = { operation: 'UPDATE', oldObject: podOf({ hostPID: true }) } as const;

    expect(both(rule, podOf({ hostPID: true, hostNetwork: true }), asking)).toEqual(['skip', 'fail']);
    expect(both(rule, podOf({ hostPID: false }), asking)).toEqual(['pass', 'pass']);
  });

  it('variables-evaluated-again', () => {
    const context = [{ name: 'allowed', variable: { value: 'secret-team' } }];
    const condition = {
      key: 'team-{{ request.object.metadata.labels.team }}',
      operator: 'NotEquals',
      value: 'team-secret-team',
    };
    const rule = { context, ...deny(condition) };
    const object = podOf({}, { labels: { team: '{{ allowed }}' } });

    expect(both(rule, object)).toEqual(['pass', 'fail']);
    expect(both(rule, podOf({}, { labels: { team: 'secret-team' } }))).toEqual(['pass', 'pass']);
  });

  it('expression-of-the-object', () => {
    const key = "{{ request.object.metadata.annotations.{{ request.object.metadata.labels.team }} || 'none' }}";
    const rule = deny({ key, operator: 'NotEquals', value: 'ok' });
    const object = (team: string): JsonObject => podOf({}, { labels: { team }, annotations: { a: 'ok', b: 'bad' } });

    expect(both(rule, object("b && 'ok'"))).toEqual(['pass', 'fail']);
    expect([both(rule, object('a')), both(rule, object('b'))]).toEqual([
      ['pass', 'pass'],
      ['fail', 'fail'],
    ]);
  });

  it.each([
    ["{{ regex_match('^.*$', '{{ request.object.spec.nodeName }}') }}", '*/1 * * * *', 'pass'],
    ["{{ regex_match('^.*$', '{{ request.object.spec.nodeName }}') }}", "' || 'x", 'fail'],
    ["{{ regex_match('^.*$', '{{ request.object.spec.nodeName }}') }}", '\\', 'fail'],
    ['{{ length(`{{ request.object.spec }}`) > `0` }}', 'a, [b]', 'pass'],
    ['{{ length(`{{ request.object.spec }}`) > `0` }}', 'a"\\n', 'pass'],
    ['{{ length(`{{ request.object.spec }}`) > `0` }}', '` || `1', 'fail'],
    ['{{ {{ request.object.spec.nodeName }} }}', 'true || false', 'fail'],
  ])('expression-of-the-object, by the place where it stands: %s with %j', (key, nodeName, expected) => {
    expect(both(deny({ key, operator: 'Equals', value: false }), podOf({ nodeName }))[1]).toBe(expected);
  });

  it('delete-not-judged, where a rule names deletions', () => {
    const match = { any: [{ resources: { kinds: ['Pod'], operations: ['DELETE'] } }] };
    const rules = [
      { match, ...pattern({ metadata: { labels: { removable: 'yes' } } }) },
      { match, validate: { cel: { expressions: [{ expression: "oldObject.metadata.name != 'web'" }] } } },
    ];

    for (const rule of rules) expect(both(rule, podOf(), { operation: 'DELETE' })).toEqual(['none', 'fail']);
    expect(both(pattern({ spec: { a: 'b' } }), podOf(), { operation: 'DELETE' })).toEqual(['none', 'none']);
  });

  it('default-on-error', () => {
    const apiCall = { urlPath: '/api/v1/namespaces/shop/configmaps/limits', jmesPath: 'data.limit', default: 'none' };
    const rule = {
      context: [{ name: 'limit', apiCall }],
      ...deny({ key: '{{ limit }}', operator: 'NotEquals', value: 'none' }),
    };
    const answering = (answer: object): Asking => ({ provider: { apiCall: () => answer as never } });

    expect(both(rule, podOf(), answering({ kind: 'failed', message: 'timeout' }))).toEqual(['pass', 'fail']);
    expect(both(rule, podOf(), answering({ kind: 'absent' }))).toEqual(['pass', 'pass']);
  });

  it('a path that a value of the object leads elsewhere', () => {
    const apiCall = { urlPath: '/api/v1/namespaces/{{ request.object.metadata.labels.team }}/configmaps/limits' };
    const rule = {
      context: [{ name: 'limits', apiCall }],
      ...deny({ key: '{{ limits.data.a }}', operator: 'Equals', value: 'x' }),
    };
    const provider = { apiCall: () => ({ kind: 'found' as const, value: { data: { a: 'y' } } }) };

    expect(both(rule, podOf({}, { labels: { team: 'own/secrets/key?a=' } }), { provider })).toEqual(['pass', 'fail']);
    expect(both(rule, podOf({}, { labels: { team: 'own' } }), { provider })).toEqual(['pass', 'pass']);
  });
});

describe('strict hardening', () => {
  it.each([
    [guarded({ key: host, operator: 'AnyIn', value: ['a.example'] }), on('*')],
    [deny({ key: host, operator: 'AnyIn', value: ['a.example'] }), on('*')],
  ])('does not let through what Kyverno refuses (%#)', (rule, object) => {
    expect(both(rule, object)).toEqual(['fail', 'fail']);
  });

  it('excepts nobody by a wildcard in the object', () => {
    const exception = {
      apiVersion: 'kyverno.io/v2',
      kind: 'PolicyException',
      metadata: { name: 'x', namespace: 'shop' },
      spec: {
        exceptions: [{ policyName: 'p', ruleNames: ['r'] }],
        match: { any: [{ resources: { kinds: ['Pod'] } }] },
        conditions: { all: [{ key: host, operator: 'AnyIn', value: ['a.example'] }] },
      },
    };
    const judged = (hardening: 'parity' | 'strict', object: JsonObject): string | undefined =>
      verdictOf(
        compiled([policyOf(pattern({ spec: { hostPID: 'false' } })), exception], {
          hardening,
          exceptionNamespaces: ['shop'],
        }),
        object,
      ).split(' ')[0];

    expect([judged('parity', on('*')), judged('strict', on('*')), judged('strict', on('a.example'))]).toEqual([
      'skip',
      'fail',
      'skip',
    ]);
  });

  it('keeps lists that policies hold in variables of their own', () => {
    const context = [{ name: 'allowed', variable: { value: ['b.*'] } }];
    const rule = { context, ...deny({ key: host, operator: 'AnyNotIn', value: '{{ allowed }}' }) };

    expect([both(rule, on('b.example')), both(rule, on('*'))]).toEqual([
      ['pass', 'pass'],
      ['pass', 'fail'],
    ]);
  });

  it('loops over nothing where a list is plainly not there', () => {
    const rule = { validate: { foreach: [{ list: 'request.object.spec.initContainers', pattern: { image: 'a' } }] } };

    expect(both(rule, podOf({ containers: [] }))).toEqual(['none', 'none']);
  });

  it('takes a condition for each element of a list, as it is written', () => {
    const containers = [
      { '(name)': 'a', image: 'a:*' },
      { '(name)': 'b', image: 'b:*' },
    ];
    const rule = pattern({ spec: { containers } });
    const withImages = (a: string, b: string): JsonObject =>
      podOf({
        containers: [
          { name: 'a', image: a },
          { name: 'b', image: b },
          { name: 'c', image: 'c' },
        ],
      });

    expect([both(rule, withImages('a:1', 'b:1')), both(rule, withImages('a:1', 'evil'))]).toEqual([
      ['pass', 'pass'],
      ['pass', 'fail'],
    ]);
  });
});

describe('strict hardening of image rules', () => {
  const images = (entry: JsonObject): JsonObject =>
    policyOf({ verifyImages: [{ imageReferences: ['*'], mutateDigest: false, verifyDigest: false, ...entry }] });
  const keyless = (identity: JsonObject): JsonObject => ({ attestors: [{ entries: [{ keyless: identity }] }] });
  /** What is asked for: the expressions for issuer and subject, and the verdict when everything asked for is there. */
  const asked = (hardening: 'parity' | 'strict', entry: JsonObject, image = 'ghcr.io/team/app:v1') => {
    const texts: string[] = [];
    const provider: Asking['provider'] = {
      imageSignature: ({ signer }) => {
        if (signer.kind === 'keyless')
          for (const { issuer, subject } of signer.identities)
            texts.push(...[...issuer, ...subject].map(({ text }) => text));
        return {
          kind: 'found',
          value: { outcome: 'pass', message: 'signed', statements: [{ predicateType: 't', predicate: {} }] },
        };
      },
    };
    const said = verdictOf(compiled([images(entry)], { hardening }), podOf({ containers: [{ name: 'a', image }] }), {
      provider,
    });
    return { said, texts };
  };
  const codes = (entry: JsonObject): readonly string[] => failOpenRemarks(images(entry)).map(({ code }) => code);

  it.each([
    ['any-identity', keyless({})],
    ['any-identity', { attestations: [{ type: 't' }] }],
    ['any-subject', keyless({ issuer: 'https://issuer.example' })],
    ['any-issuer', keyless({ subject: 'me@example.com' })],
  ])('closes %s', (code, entry) => {
    expect(asked('parity', entry).said).toMatch(/^pass /);
    expect(asked('strict', entry).said).toMatch(/^fail .*anybody could have signed/);
    expect(codes(entry)).toContain(code);
  });

  it('closes identity-by-glob: a wildcard is no slash', () => {
    const entry = keyless({ issuer: 'https://*.example', subject: 'https://github.com/owner/*' });

    expect(asked('parity', entry).texts[1]).toBe(String.raw`(?s)https://github\.com/owner/.*`);
    expect(asked('strict', entry).texts[1]).toBe(String.raw`(?s)https://github\.com/owner/[^/]*`);
    expect(codes(entry)).toContain('identity-by-glob');
  });

  it('closes identity-not-anchored: an expression is for the whole name', () => {
    const entry = keyless({ issuerRegExp: 'issuer', subjectRegExp: 'a|b' });

    expect(asked('parity', entry).texts[1]).toBe('(?s:.*)(?:a|b)(?s:.*)');
    expect(asked('strict', entry).texts[1]).toBe('(?:a|b)');
    expect(codes(entry)).toContain('identity-not-anchored');
  });

  it.each([
    ['library-not-added', 'docker.io/nginx:*', 'docker.io/library/nginx:1'],
    ['library-not-added', 'nginx:*', 'index.docker.io/library/nginx:1'],
    ['tag-in-reference', 'ghcr.io/team/*:v1', `ghcr.io/team/app@sha256:${'1'.repeat(64)}`],
  ])('closes %s: %s is about %s', (code, reference, image) => {
    const entry = {
      ...keyless({}),
      imageReferences: [reference.startsWith('nginx') ? `docker.io/${reference}` : reference],
    };

    expect(asked('parity', entry, image).said).toMatch(/^skip /);
    expect(asked('strict', entry, image).said).toMatch(/^fail /);
    expect(codes({ ...entry, imageReferences: [reference] })).toContain(code);
  });

  it.each(['GHCR.io/team/app:v1', 'ghcr.io:443/team/app:v1'])('knows %s by another spelling of its host', (image) => {
    const entry = { ...keyless({}), imageReferences: ['ghcr.io/*'] };

    expect(asked('parity', entry, image).said).toMatch(/^skip /);
    expect(asked('strict', entry, image).said).toMatch(/^fail /);
  });

  it('is about no other image', () => {
    const entry = { ...keyless({}), imageReferences: ['docker.io/nginx:*'] };

    expect(asked('strict', entry, 'docker.io/team/nginx:1').said).toMatch(/^skip /);
    expect(asked('strict', entry, 'ghcr.io/library/nginx:1').said).toMatch(/^skip /);
  });
});

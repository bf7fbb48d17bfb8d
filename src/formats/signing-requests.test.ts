// SPDX-License-Identifier: Apache-2.0
// The small formats of signing: statements, configurations of services and clusters, tokens, answers of logs.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatStatement, predicateText } from './attestation-statement.ts';
import { childrenOf, readDer } from './der.ts';
import { parseIdentityToken } from './identity-token.ts';
import { parseInTotoStatement } from './in-toto-statement.ts';
import { parseKubeconfig } from './kubeconfig.ts';
import { parseLogAnswer1 } from './rekor-request.ts';
import { chooseServices, parseSigningConfig } from './signing-config.ts';
import { formatTimestampQuery } from './timestamp-query.ts';

const time = Date.parse('2026-06-01T00:00:00Z');
const mediaType = 'application/vnd.dev.sigstore.signingconfig.v0.2+json';

function service(url: string, more: Readonly<Record<string, unknown>> = {}): unknown {
  return { url, majorApiVersion: 1, operator: url, validFor: { start: '2025-01-01T00:00:00Z' }, ...more };
}

function logsOf(config: Readonly<Record<string, unknown>>): readonly string[] | string {
  const parsed = parseSigningConfig(Buffer.from(JSON.stringify({ mediaType, ...config })));
  if (parsed.kind === 'malformed') return parsed.reason;
  const chosen = chooseServices(parsed.value.logs, { selector: parsed.value.logSelector, versions: [1, 2], time });
  return chosen.kind === 'malformed' ? chosen.reason : chosen.value.map(({ url }) => url);
}

describe('a signing configuration', () => {
  const a = { operator: 'a' };

  it('gives each operator one voice, in the highest version that is spoken here', () => {
    const rekorTlogUrls = [
      service('https://1.a', a),
      service('https://2.a', { ...a, majorApiVersion: 2 }),
      service('https://3.a', { ...a, majorApiVersion: 3 }),
      service('https://1.b'),
    ];

    expect(logsOf({ rekorTlogUrls, rekorTlogConfig: { selector: 'ALL' } })).toEqual(['https://2.a', 'https://1.b']);
    expect(logsOf({ rekorTlogUrls, rekorTlogConfig: { selector: 'ANY' } })).toEqual(['https://2.a']);
  });

  it('uses no service outside its time', () => {
    const past = { validFor: { start: '2020-01-01T00:00:00Z', end: '2021-01-01T00:00:00Z' } };
    const future = { validFor: { start: '2030-01-01T00:00:00Z' } };

    expect(logsOf({ rekorTlogUrls: [service('https://a', past), service('https://b', future)] })).toMatch(
      /0 can be used now/,
    );
  });

  it('is not satisfied with fewer services than it asks for', () => {
    const rekorTlogUrls = [service('https://a')];

    expect(logsOf({ rekorTlogUrls, rekorTlogConfig: { selector: 'EXACT', count: 2 } })).toMatch(
      /2 services are asked for, 1/,
    );
  });

  it('may name no log at all', () => {
    expect(logsOf({})).toEqual([]);
  });

  it.each([
    ['an address that is none', { rekorTlogUrls: [service('file:///etc/passwd')] }, /http\(s\) address/],
    ['no start', { rekorTlogUrls: [service('https://a', { validFor: {} })] }, /start/],
    ['another version', { mediaType: 'application/json' }, /version 0\.2/],
    ['an unknown selector', { rekorTlogConfig: { selector: 'SOME' } }, /selector: unknown/],
  ])('with %s is refused', (_name, config, reason) => {
    expect(logsOf(config)).toMatch(reason);
  });
});

describe('a predicate', () => {
  const text = (type: string, predicateType: string, content: string) =>
    predicateText({ type, predicateType, bytes: Buffer.from(content), createdAt: '2026-06-01T00:00:00Z' });

  it('of one’s own kind is kept as a text with its time', () => {
    expect(text('custom', 'https://cosign.sigstore.dev/attestation/v1', 'any "text"')).toEqual({
      kind: 'parsed',
      value: '{"Data":"any \\"text\\"","Timestamp":"2026-06-01T00:00:00Z"}',
    });
  });

  it('in the tag-value form of SPDX becomes a text, one in JSON stays JSON', () => {
    expect(text('spdx', 'https://spdx.dev/Document', 'SPDXVersion: SPDX-2.3')).toMatchObject({
      value: '"SPDXVersion: SPDX-2.3"',
    });
    expect(text('spdx', 'https://spdx.dev/Document', '{"spdxVersion":"SPDX-2.3"}')).toMatchObject({
      value: '{"spdxVersion":"SPDX-2.3"}',
    });
  });

  it.each(['[1]', '1', '', '{"a":1,"a":2}', '{"a":1} {}', '\ufeff{}'])('that is %j is refused', (content) => {
    expect(text('https://example.test/t', 'https://example.test/t', content).kind).toBe('malformed');
  });

  it('comes out of the statement as it went in', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const subjects = [{ digest: { sha256: '0'.repeat(64) } }];
        const payload = formatStatement({
          version: '1',
          subjects,
          predicateType: 't',
          predicate: JSON.stringify(value),
        });
        const parsed = parseInTotoStatement(payload);
        expect(parsed.kind === 'parsed' ? JSON.stringify(parsed.value.predicate) : parsed.reason).toBe(
          JSON.stringify(JSON.parse(JSON.stringify(value))),
        );
      }),
    );
  });
});

describe('an identity token', () => {
  const token = (claims: unknown): string => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;

  it.each([
    [{ email: 'a@example.test', email_verified: true }, 'a@example.test'],
    [{ email: 'a@example.test', email_verified: 'true' }, 'a@example.test'],
    [{ email: 'a@example.test' }, 'somebody'],
    [{ email: 'a@example.test', email_verified: false }, 'somebody'],
  ])('with %j names %s', (claims, subject) => {
    const parsed = parseIdentityToken(token({ iss: 'https://i', sub: 'somebody', exp: 1, ...claims }));

    expect(parsed).toMatchObject({ kind: 'parsed', value: { subject } });
  });

  it('never makes the reader throw, and no reason holds it', () => {
    fc.assert(
      fc.property(fc.string(), fc.jsonValue(), (text, claims) => {
        parseIdentityToken(text);
        const parsed = parseIdentityToken(token(claims));
        if (parsed.kind === 'malformed') expect(parsed.reason).not.toContain('c2ln');
      }),
    );
  });
});

describe('a configuration of kubectl', () => {
  it.each([
    ['', /not a kubectl configuration/],
    ['current-context: a', /contexts: there is no "a"/],
    ['a: [', /YAML/],
  ])('%j is refused', (text, reason) => {
    const parsed = parseKubeconfig(text, 'config');

    expect(parsed.kind === 'malformed' ? parsed.reason : '').toMatch(reason);
  });

  it('gives server, authority and token of the context', () => {
    const data = Buffer.from('PEM').toString('base64');
    const text = `current-context: c
contexts: [{name: c, context: {cluster: k, user: u, namespace: shop}}]
clusters: [{name: k, cluster: {server: "https://k.example:6443", certificate-authority-data: ${data}}}]
users: [{name: u, user: {tokenFile: token}}]`;

    expect(parseKubeconfig(text, 'config')).toMatchObject({
      value: {
        server: 'https://k.example:6443',
        authority: { text: 'PEM' },
        token: { file: 'token' },
        namespace: 'shop',
        verification: 'on',
      },
    });
  });

  it('never makes the reader throw', () => {
    fc.assert(fc.property(fc.string(), (text) => void parseKubeconfig(text, 'config')));
  });
});

it('a timestamp query is DER whatever the nonce is', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 8, maxLength: 8 }), (nonce) => {
      const parts = childrenOf(readDer(formatTimestampQuery(Buffer.from('signature'), nonce)));
      expect(parts.map(({ tag }) => tag)).toEqual([0x02, 0x30, 0x02, 0x01]);
      expect((parts[2]?.content[0] ?? 0) & 0xc0).toBe(0x40);
    }),
  );
});

it('no answer of a log makes its reader throw', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom('body', 'logID', 'verification', 'logIndex'), (value, name) => {
      parseLogAnswer1(
        Buffer.from(
          JSON.stringify({ id: { body: 'e30=', logID: '00', logIndex: 1, integratedTime: 1, [name]: value } }),
        ),
      );
      parseLogAnswer1(Buffer.from(JSON.stringify(value)));
    }),
  );
});

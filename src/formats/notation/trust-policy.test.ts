// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { policyText } from '../../../test/support/signing/notation.ts';
import { formatSigningKeys, parseNotationSettings, parseSigningKeys } from './configuration.ts';
import { parseTrustPolicy, statementForRepository } from './trust-policy.ts';

function policyOf(statement: Readonly<Record<string, unknown>>): ReturnType<typeof parseTrustPolicy> {
  return parseTrustPolicy(Buffer.from(policyText(statement)), 'oci');
}

describe('a trust policy', () => {
  it.each([
    ['an unknown member', { registryScope: ['*'] }],
    ['an unknown level', { signatureVerification: { level: 'lenient' } }],
    ['integrity left out', { signatureVerification: { level: 'strict', override: { integrity: 'log' } } }],
    ['authenticity skipped', { signatureVerification: { level: 'strict', override: { authenticity: 'skip' } } }],
    ['a store outside the folder', { trustStores: ['ca:../../elsewhere'] }],
    ['a store of an unknown type', { trustStores: ['root:own'] }],
    ['no store', { trustStores: [] }],
    ['no identity', { trustedIdentities: [] }],
    ['"*" beside another scope', { registryScopes: ['*', 'registry.example/team/app'] }],
    ['a scope with a wildcard', { registryScopes: ['registry.example/team/*'] }],
    ['a scope with a tag', { registryScopes: ['registry.example/team/app:v1'] }],
    ['an identity without an organisation', { trustedIdentities: ['x509.subject: C=US, ST=WA'] }],
    [
      'identities of which one holds the other',
      { trustedIdentities: ['x509.subject: C=US, ST=WA, O=Acme', 'x509.subject: C=US, ST=WA, O=Acme, CN=x'] },
    ],
  ])('with %s is refused whole', (_, statement) => {
    expect(policyOf(statement).kind).toBe('malformed');
  });

  it('with a name twice in an object is refused', () => {
    const text = policyText().replace('{', '{"version":"1.0",');

    expect(parseTrustPolicy(Buffer.from(text), 'oci').kind).toBe('malformed');
  });

  it('prefers the statement that names the repository', () => {
    const [named, all] = [policyText({ name: 'named', registryScopes: ['registry.example/team/app'] }), policyText()];
    const statements = [all, named].flatMap((text) => JSON.parse(text).trustPolicies);
    const parsed = parseTrustPolicy(Buffer.from(JSON.stringify({ version: '1.0', trustPolicies: statements })), 'oci');
    if (parsed.kind === 'malformed') throw new Error(parsed.reason);

    expect(statementForRepository(parsed.value, 'registry.example/team/app')?.name).toBe('named');
    expect(statementForRepository(parsed.value, 'registry.example/team/app2')?.name).toBe('release');
  });

  it('overrides single checks of a level', () => {
    const parsed = policyOf({ signatureVerification: { level: 'permissive', override: { expiry: 'enforce' } } });

    expect(parsed).toMatchObject({
      kind: 'parsed',
      value: { statements: [{ actions: { integrity: 'enforce', expiry: 'enforce', revocation: 'log' } }] },
    });
  });
});

describe('files of the configuration folder', () => {
  it('of any bytes or JSON never throw', () => {
    const anything = fc.oneof(
      fc.uint8Array({ maxLength: 100 }),
      fc.json({ maxDepth: 4 }).map((text) => Buffer.from(text)),
      fc
        .json({ maxDepth: 3 })
        .map((text) => Buffer.from(`{"version":"1.0","trustPolicies":[${text}],"keys":[${text}]}`)),
    );
    fc.assert(
      fc.property(anything, (bytes) => {
        const kinds = [
          parseTrustPolicy(bytes, 'oci').kind,
          parseTrustPolicy(bytes, 'blob').kind,
          parseSigningKeys(bytes).kind,
          parseNotationSettings(bytes).kind,
        ];

        expect(kinds.every((kind) => kind === 'parsed' || kind === 'malformed')).toBe(true);
      }),
    );
  });

  it('signing keys are read as they were written', () => {
    const keys = {
      default: 'a',
      keys: [{ kind: 'files', name: 'a', keyPath: 'a.key', certificatePath: 'a.crt' }],
    } as const;

    expect(parseSigningKeys(Buffer.from(formatSigningKeys(keys)))).toEqual({ kind: 'parsed', value: keys });
  });
});

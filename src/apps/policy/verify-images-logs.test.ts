// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { closeAfterEach } from '../../../test/support/registry/client.ts';
import { leaf, world } from '../../../test/support/signing/attempt.ts';
import type { Issued } from '../../../test/support/signing/certificates.ts';
import { authorityExtensions, ecKeys, issue } from '../../../test/support/signing/certificates.ts';
import { writable } from '../../../test/support/signing/image-proofs.ts';
import type { KeySigning } from '../../../test/support/signing/key-signatures.ts';
import { publicPem, signNewer, signOlder } from '../../../test/support/signing/key-signatures.ts';
import { authority, own, validity } from '../../../test/support/signing/own-authority.ts';
import { makeLeaf } from '../../../test/support/signing/sigstore.ts';
import { certificatePem, image, keys, named, registryWith, strangers } from '../../../test/support/verified-image.ts';
import { imagePolicy, judge, podWith, setOf } from '../../../test/support/verify-images.ts';
import type { JsonObject } from '../../formats/document.ts';

closeAfterEach();

type Layout = 'older' | 'newer';

const otherStamps = issue({ subject: 'other stamps', keys: ecKeys(), extensions: authorityExtensions(), ...validity });

/** Who signs, and the part of an entry that asks for that signer, with what is said of logs in it. */
const kinds: Readonly<
  Record<string, { readonly signing: KeySigning; readonly entry: (logs: JsonObject) => JsonObject }>
> = {
  key: { signing: { keys }, entry: (logs) => ({ keys: { publicKeys: publicPem(keys), ...logs } }) },
  keyless: {
    signing: { keys: leaf.keys, certificate: leaf },
    entry: (logs) => ({ keyless: { subject: 'https://github.com/owner/*', issuer: 'https://token.example', ...logs } }),
  },
  certificate: {
    signing: { keys: own.keys, certificate: own },
    entry: (logs) => ({ certificates: { certChain: certificatePem(authority), ...logs } }),
  },
};

const ignoring = { rekor: { ignoreTlog: true } };
const stamps = { tsaCertChain: certificatePem(world.stamper) + certificatePem(world.stampRoot) };
const strangeStamps = { tsaCertChain: certificatePem(otherStamps) };
const ownLog = { rekor: { url: 'https://log.example', pubkey: publicPem(world.log.keys) } };
const strangeLog = { rekor: { pubkey: publicPem(strangers) } };

/** What the policy says; the verdict for a signature with nothing, with a log entry, with a timestamp, and with both, by kind of signer. */
const rows: readonly (readonly [string, JsonObject, Readonly<Record<string, string>>])[] = [
  ['nothing', {}, { key: '-+-+', keyless: '-+-+', certificate: '-+-+' }],
  [
    'an address of a log',
    { rekor: { url: 'https://log.example' } },
    { key: '-+-+', keyless: '-+-+', certificate: '-+-+' },
  ],
  ['the key of a log', ownLog, { key: '-+-+', keyless: '-+-+', certificate: '-+-+' }],
  ['the key of another log', strangeLog, { key: '----', keyless: '----', certificate: '----' }],
  // A certificate of ten minutes needs something that proves when it was used.
  ['that no log counts', ignoring, { key: '++++', keyless: '----', certificate: '++++' }],
  ['an authority of timestamps', { ctlog: stamps }, { key: '---+', keyless: '---+', certificate: '---+' }],
  [
    'an authority of timestamps, and that no log counts',
    { ...ignoring, ctlog: stamps },
    { key: '--++', keyless: '--++', certificate: '--++' },
  ],
  [
    'another authority of timestamps',
    { ...ignoring, ctlog: strangeStamps },
    { key: '----', keyless: '----', certificate: '----' },
  ],
];

describe.each(['older', 'newer'] as const)(
  'what a policy says of logs, for signatures in the %s layout',
  (layout: Layout) => {
    it.each(
      rows.flatMap(([what, logs, verdicts]) =>
        Object.entries(verdicts).map(([kind, verdict]) => [what, kind, logs, verdict] as const),
      ),
    )('%s (%s)', async (_, kind, logs, verdict) => {
      const { signing, entry } = kinds[kind] ?? { signing: { keys }, entry: () => ({}) };
      const policy = imagePolicy({ attestors: [{ entries: [entry(logs)] }] });
      const sign = layout === 'older' ? signOlder : signNewer;
      const ways: readonly Partial<KeySigning>[] = [
        {},
        { log: 'logged' },
        { stamper: world.stamper },
        { log: 'logged', stamper: world.stamper },
      ];
      let found = '';
      for (const way of ways) {
        const registry = await registryWith((it) => sign(writable(it), image, { ...signing, ...way }));
        const { lines } = await judge(registry, setOf([policy]), podWith(named));
        found += lines.join(' ').startsWith('pass ') ? '+' : lines.join(' ').startsWith('fail ') ? '-' : '?';
      }

      expect(found).toBe(verdict);
    });
  },
);

describe('logs of certificates', () => {
  const unlogged = makeLeaf(world, { log: undefined });
  const outcome = async (signer: Issued, ctlog: JsonObject): Promise<string> => {
    const registry = await registryWith((it) =>
      signNewer(writable(it), image, { keys: signer.keys, certificate: signer, log: 'logged' }),
    );
    const identity = { subject: 'https://github.com/owner/*', issuer: 'https://token.example' };
    const policy = imagePolicy({ attestors: [{ entries: [{ keyless: { ...identity, ctlog } }] }] });
    return (await judge(registry, setOf([policy]), podWith(named))).lines.join(' ');
  };

  it('are asked for keyless signatures, unless ignoreSCT says otherwise', async () => {
    expect(await outcome(leaf, {})).toMatch(/^pass /);
    expect(await outcome(unlogged, {})).toMatch(/^fail .*SCT/);
    expect(await outcome(unlogged, { ignoreSCT: true })).toMatch(/^pass /);
  });

  it('are those whose key the policy holds', async () => {
    expect(await outcome(leaf, { pubkey: publicPem(world.certificateLog) })).toMatch(/^pass /);
    expect(await outcome(leaf, { pubkey: publicPem(strangers) })).toMatch(/^fail /);
    expect(await outcome(leaf, { pubkey: publicPem(strangers), ignoreSCT: true })).toMatch(/^pass /);
  });
});

describe('transparency logs', () => {
  const plain = { attestors: [{ entries: [{ keys: { publicKeys: publicPem(keys) } }] }] };
  const withAnnotation = (text: string) => ({
    metadata: { annotations: { 'landwaiter.dev/require-transparency-log': text } },
  });

  it('are asked for keys unless somebody says otherwise', async () => {
    const registry = await registryWith((it) => signOlder(writable(it), image, { keys }));

    const usual = await judge(registry, setOf([imagePolicy(plain)]), podWith(named));
    const annotated = await judge(registry, setOf([imagePolicy(plain, withAnnotation('false'))]), podWith(named));
    const set = await judge(registry, setOf([imagePolicy(plain)], { keyTransparencyLog: 'not-asked' }), podWith(named));
    const both = await judge(
      registry,
      setOf([imagePolicy(plain, withAnnotation('true'))], { keyTransparencyLog: 'not-asked' }),
      podWith(named),
    );

    expect(usual.lines).toEqual([expect.stringMatching(/^fail .*LOG_MISSING.*require-transparency-log/)]);
    expect([annotated, set, both].map(({ lines }) => lines[0]?.split(' ')[0])).toEqual(['pass', 'pass', 'fail']);
  });

  it('must be one that is trusted, or the one whose key the policy holds', async () => {
    const registry = await registryWith((it) => signOlder(writable(it), image, { keys, log: 'logged' }));
    const withLog = (rekor: unknown) => ({
      attestors: [{ entries: [{ keys: { publicKeys: publicPem(keys), rekor } }] }],
    });

    const trusted = await judge(
      registry,
      setOf([imagePolicy(withLog({ url: 'https://log.example' }))]),
      podWith(named),
    );
    const own = await judge(
      registry,
      setOf([imagePolicy(withLog({ pubkey: publicPem(world.log.keys) }))]),
      podWith(named),
    );
    const other = await judge(
      registry,
      setOf([imagePolicy(withLog({ pubkey: publicPem(strangers) }))]),
      podWith(named),
    );

    expect(trusted.lines).toEqual([expect.stringMatching(/^pass /)]);
    expect(own.lines).toEqual([expect.stringMatching(/^pass /)]);
    expect(other.lines).toEqual([expect.stringMatching(/^fail .*LOG_UNKNOWN/)]);
  });

  it('are refused in an annotation that says neither', () => {
    expect(setOf([imagePolicy(plain, withAnnotation('maybe'))]).problems[0]?.message).toContain('"true" or "false"');
  });
});

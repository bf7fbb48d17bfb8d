// SPDX-License-Identifier: Apache-2.0
// Runs the Notary Project pack: envelopes with verdicts, what signers must produce, trust stores, timestamp tokens, revocation extensions,
// certificate files, configuration files and the examples of the specification.
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { notationFolder } from '../../src/apps/signatures/notation-folder.ts';
import { checkTrustedIdentity } from '../../src/evidence/signatures/notation/authenticity.ts';
import type { PluginPart } from '../../src/evidence/signatures/notation/plugin.ts';
import type { NotationArtifact } from '../../src/evidence/signatures/notation/target.ts';
import type { NotationVerification } from '../../src/evidence/signatures/notation/verify.ts';
import { parseNotationEnvelope, verifyNotation } from '../../src/evidence/signatures/notation/verify.ts';
import { isRefusal } from '../../src/evidence/signatures/refusal.ts';
import { checkTimestampSigner } from '../../src/evidence/signatures/timestamp.ts';
import { parseCertificateFile } from '../../src/formats/certificate-file.ts';
import { parseRevocationList } from '../../src/formats/crl.ts';
import { parseNotationSettings, parseSigningKeys } from '../../src/formats/notation/configuration.ts';
import type { NotationEnvelope } from '../../src/formats/notation/envelope.ts';
import { envelopeMediaTypes } from '../../src/formats/notation/envelope.ts';
import { parseNotationPayload } from '../../src/formats/notation/payload.ts';
import type { TrustPolicyStatement } from '../../src/formats/notation/trust-policy.ts';
import { parseTrustPolicy, trustStoreTypes } from '../../src/formats/notation/trust-policy.ts';
import { parseRevocationPoints } from '../../src/formats/revocation-points.ts';
import { parseTimestampToken } from '../../src/formats/rfc3161.ts';
import { exampleCases } from './notation/examples.ts';
import { signingCases } from './notation/signing.ts';
import { type CaseResult, type ConformanceCase, type ConformancePack, expectEqual, failed, passed } from './pack.ts';

interface EnvelopeCase {
  readonly file: string;
  readonly format: 'jws' | 'cose';
  readonly signatureValid: boolean;
  readonly note: string;
}

const stores = 'notation-go/verifier/testdata/truststore/x509';

function filesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}

/** Runs with a configuration folder of its own. */
function withFolder<T>(run: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'notation-pack-'));
  try {
    return run(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Copies a store; what stands for a symbolic link becomes one. */
function copyStore(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) {
    const [source, target] = [join(from, name), join(to, name)];
    if (statSync(source).isDirectory()) copyStore(source, target);
    else if (/symlink/i.test(name)) symlinkSync(readFileSync(source, 'utf8').trim(), target);
    else copyFileSync(source, target);
  }
}

function statement(trustStores: readonly string[]): TrustPolicyStatement {
  const policy = {
    version: '1.0',
    trustPolicies: [
      {
        name: 'pack',
        registryScopes: ['*'],
        // No network here: revocation has tests of its own.
        signatureVerification: { level: 'strict', override: { revocation: 'skip' } },
        trustStores,
        trustedIdentities: ['*'],
      },
    ],
  };
  const parsed = parseTrustPolicy(Buffer.from(JSON.stringify(policy)), 'oci');
  const [first] = parsed.kind === 'parsed' ? parsed.value.statements : [];
  if (first === undefined) throw new Error('the policy of this adapter is wrong');
  return first;
}

interface Attempt {
  readonly stamps: 'used' | 'unused';
  readonly plugin?: PluginPart;
  /** A store of the pack instead of one that holds the envelope's root. */
  readonly store?: string;
  readonly stampStore?: string;
  readonly artifact?: NotationArtifact;
}

function envelopeOf(root: string, test: EnvelopeCase): NotationEnvelope | undefined {
  const parsed = parseNotationEnvelope(readFileSync(join(root, test.file)), envelopeMediaTypes[test.format]);
  return parsed.kind === 'parsed' ? parsed.value : undefined;
}

function verify(root: string, test: EnvelopeCase, attempt: Attempt): NotationVerification {
  return withFolder((folder) => {
    const bytes = readFileSync(join(root, test.file));
    const envelope = envelopeOf(root, test);
    const payload = envelope === undefined ? undefined : parseNotationPayload(envelope.payload);
    const target = payload?.kind === 'parsed' ? payload.value : undefined;
    for (const type of ['ca', 'signingAuthority']) {
      const own = join(folder, 'truststore/x509', type, 'own');
      if (attempt.store !== undefined) copyStore(join(root, stores, 'ca', attempt.store), own);
      else {
        mkdirSync(own, { recursive: true });
        writeFileSync(join(own, 'root.der'), envelope?.certificates.at(-1)?.encoded ?? '');
      }
    }
    const stampStore = attempt.stampStore ?? 'test-timestamp';
    if (attempt.stamps === 'used')
      copyStore(join(root, stores, 'tsa', stampStore), join(folder, 'truststore/x509/tsa/stamps'));
    const names = ['ca:own', 'signingAuthority:own', ...(attempt.stamps === 'used' ? ['tsa:stamps'] : [])];
    const artifact =
      attempt.artifact ?? (target === undefined ? undefined : ({ kind: 'manifest', ...target } as const));
    return verifyNotation(bytes, envelopeMediaTypes[test.format], {
      artifact: artifact ?? { kind: 'blob', bytes: Buffer.alloc(0), mediaType: undefined },
      statement: statement(names),
      lookup: (name) => notationFolder(folder).trustStore(name),
      now: Date.now(),
      revocation: new Map(),
      ...(attempt.plugin === undefined ? {} : { plugin: attempt.plugin }),
    });
  });
}

function expectVerdict(expected: 'accept' | 'refuse', verification: NotationVerification): CaseResult {
  const actual = verification.kind === 'verified' ? 'accept' : 'refuse';
  return actual === expected
    ? passed
    : failed(expected, verification.kind === 'refused' ? verification.refusal : actual);
}

function pluginOf(envelope: NotationEnvelope | undefined, version: string): PluginPart {
  return {
    plugin: { name: envelope?.plugin?.name ?? '', version, capabilities: ['SIGNATURE_VERIFIER.TRUSTED_IDENTITY'] },
    answer: {
      verdicts: new Map([['SIGNATURE_VERIFIER.TRUSTED_IDENTITY', { success: true, reason: '' }]]),
      processed: [...(envelope?.attributes.keys() ?? [])],
    },
  };
}

function envelopeCases(root: string): ConformanceCase[] {
  if (!existsSync(join(root, 'cases.json'))) return [];
  const tests = JSON.parse(readFileSync(join(root, 'cases.json'), 'utf8')) as EnvelopeCase[];
  return tests.flatMap((test): ConformanceCase[] => {
    const one = (name: string, expected: 'accept' | 'refuse', attempt: () => Attempt): ConformanceCase => ({
      id: `${test.file}:${name}`,
      run: () => expectVerdict(expected, verify(root, test, attempt())),
    });
    const envelope = existsSync(join(root, test.file)) ? envelopeOf(root, test) : undefined;
    const valid = test.signatureValid ? 'accept' : 'refuse';
    const installed = /plugin version (\S+) is installed/.exec(test.note)?.[1];
    const isRefused = /refuse(?! unless)/.test(test.note);
    const foreign = one('foreign-store', 'refuse', () => ({ stamps: 'unused', store: 'valid-trust-store-2' }));
    if (installed !== undefined)
      return [
        one('plugin', isRefused ? 'refuse' : valid, () => ({
          stamps: 'unused',
          plugin: pluginOf(envelope, installed),
        })),
        one('no-plugin', 'refuse', () => ({ stamps: 'unused' })),
      ];
    if (envelope?.plugin !== undefined)
      return [
        one('plugin', valid, () => ({ stamps: 'unused', plugin: pluginOf(envelope, '1.0.0') })),
        one('no-plugin', 'refuse', () => ({ stamps: 'unused' })),
      ];
    if (isRefused || !test.signatureValid) return [one('verdict', 'refuse', () => ({ stamps: 'used' })), foreign];
    if (envelope?.timestamp === undefined) return [one('verdict', valid, () => ({ stamps: 'unused' })), foreign];
    const isExpired = envelope.certificates.some(({ notAfter }) => Date.now() > notAfter);
    return [
      one('timestamp', valid, () => ({ stamps: 'used' })),
      one('other-authority', 'refuse', () => ({ stamps: 'used', stampStore: 'test-mismatch' })),
      ...(isExpired ? [one('no-timestamp', 'refuse', () => ({ stamps: 'unused' }))] : []),
      foreign,
    ];
  });
}

/** Images of the pack's layout that an envelope is about: the real descriptor, and one with something else in it. */
function layoutCases(root: string): ConformanceCase[] {
  const layout = join(root, 'notation-go/internal/testdata/oci-layout/index.json');
  if (!existsSync(layout) || !existsSync(join(root, 'cases.json'))) return [];
  const { manifests } = JSON.parse(readFileSync(layout, 'utf8')) as {
    manifests: { mediaType: string; digest: string; size: number }[];
  };
  const tests = JSON.parse(readFileSync(join(root, 'cases.json'), 'utf8')) as EnvelopeCase[];
  return tests.flatMap((test): ConformanceCase[] => {
    const envelope = existsSync(join(root, test.file)) ? envelopeOf(root, test) : undefined;
    const entry = manifests.find(({ digest }) => envelope?.payload.includes(digest));
    if (entry === undefined || envelope?.plugin !== undefined) return [];
    const artifact = { kind: 'manifest', ...entry } as unknown as Extract<NotationArtifact, { kind: 'manifest' }>;
    const run = (changed: Partial<typeof artifact>, expected: 'accept' | 'refuse') => (): CaseResult =>
      expectVerdict(expected, verify(root, test, { stamps: 'unused', artifact: { ...artifact, ...changed } }));
    return [
      { id: `oci-layout:${test.file}`, run: run({}, test.signatureValid ? 'accept' : 'refuse') },
      { id: `oci-layout:${test.file}:media-type`, run: run({ mediaType: 'application/other' }, 'refuse') },
    ];
  });
}

function storeCases(root: string): ConformanceCase[] {
  const base = join(root, stores);
  const named = filesIn(base).flatMap((type) =>
    (trustStoreTypes as readonly string[]).includes(type)
      ? filesIn(join(base, type)).map((name) => ({ type, name, path: join(base, type, name) }))
      : [{ type: 'ca', name: type, path: join(base, type) }],
  );
  return named.map(({ type, name, path }) => ({
    id: `truststore/${type}/${name}`,
    run: () =>
      withFolder((folder) => {
        const target = join(folder, 'truststore/x509', type, name);
        if (/_SYMLINK$/i.test(name) && filesIn(path).length <= 1) {
          mkdirSync(join(folder, 'truststore/x509', type), { recursive: true });
          symlinkSync(join(base, type, name.replace(/_SYMLINK$/i, '')), target);
        } else copyStore(path, target);
        const store = notationFolder(folder).trustStore({ type: type as 'ca', name });
        const isBad = /invalid|leaf|non-?ca|nonself|symlink|directories|empty/i.test(name);
        return isRefusal(store) === isBad ? passed : failed(isBad ? 'refused' : 'store', store);
      }),
  }));
}

function stampCases(root: string): ConformanceCase[] {
  const folders = [
    'notation-go/verifier/testdata/timestamp/countersignature',
    'notation-core-go/internal/timestamp/testdata',
  ];
  const roots = [
    ...filesIn(join(root, stores, 'tsa/test-timestamp')).map((name) => join(root, stores, 'tsa/test-timestamp', name)),
    ...filesIn(join(root, folders[1] ?? '')).map((name) => join(root, folders[1] ?? '', name)),
  ].filter((path) => /\.(cer|crt|der|pem)$/.test(path));
  const anchors = roots.flatMap((path) => {
    const parsed = parseCertificateFile(readFileSync(path));
    return parsed.kind === 'parsed' ? parsed.value : [];
  });
  const authorities = anchors.map((anchor) => ({
    uri: '',
    anchor,
    intermediates: [],
    signer: undefined,
    validFor: { start: 0, end: undefined },
  }));
  return folders.flatMap((folder) =>
    filesIn(join(root, folder))
      .filter((name) => name.endsWith('.p7s'))
      .map((name) => ({
        id: `timestamp/${name}`,
        run: () => {
          const token = parseTimestampToken(readFileSync(join(root, folder, name)));
          const outcome = token.kind === 'parsed' ? checkTimestampSigner(token.value, authorities) : token;
          const isBad = /with(?:out|invalid)/i.test(name);
          return (outcome.kind !== 'time') === isBad ? passed : failed(isBad ? 'refused' : 'time', outcome);
        },
      })),
  );
}

function revocationCases(root: string): ConformanceCase[] {
  const folder = join(root, 'notation-core-go/revocation/crl/testdata');
  return filesIn(folder).map((name) => ({
    id: `revocation/${name}`,
    run: () => {
      const bytes = readFileSync(join(folder, name));
      const isList = name.endsWith('.crl');
      const certificates = isList ? undefined : parseCertificateFile(bytes);
      const list = isList ? parseRevocationList(bytes) : undefined;
      if (certificates?.kind === 'malformed') return failed('a certificate', certificates.reason);
      if (list?.kind === 'malformed') return failed('a revocation list', list.reason);
      const points = parseRevocationPoints(certificates?.value[0]?.extensions ?? list?.value.extensions ?? []);
      const found = points.kind === 'parsed' ? points.value.deltaCrl.length : 'malformed';
      if (/incomplete/i.test(name)) return expectEqual('malformed', found);
      if (/zero|nonuri/i.test(name)) return expectEqual(0, found);
      const least = /multiple/i.test(name) ? 2 : 1;
      return typeof found === 'number' && found >= least ? passed : failed(`${least} addresses`, found);
    },
  }));
}

function certificateCases(root: string): ConformanceCase[] {
  const folder = join(root, 'notation-core-go/x509/testdata');
  const identities = join(root, 'notation-go/verifier/testdata/verifier');
  const files = filesIn(folder).map(
    (name): ConformanceCase => ({
      id: `x509/${name}`,
      run: () => {
        const parsed = parseCertificateFile(readFileSync(join(folder, name)));
        const isBad = /invalid|empty/i.test(name);
        if ((parsed.kind === 'malformed') !== isBad) return failed(isBad ? 'refused' : 'certificates', parsed);
        const isSeveral = /multi/.test(name);
        return parsed.kind === 'malformed' || parsed.value.length > 1 === isSeveral
          ? passed
          : failed(isSeveral, parsed);
      },
    }),
  );
  const subjects = filesIn(identities).map(
    (name): ConformanceCase => ({
      id: `identity/${name}`,
      run: () => {
        const parsed = parseCertificateFile(readFileSync(join(identities, name)));
        const [leaf] = parsed.kind === 'parsed' ? parsed.value : [];
        const policy = parseTrustPolicy(
          Buffer.from(
            JSON.stringify({
              version: '1.0',
              trustPolicies: [
                {
                  name: 'p',
                  registryScopes: ['*'],
                  signatureVerification: { level: 'strict' },
                  trustStores: ['ca:own'],
                  trustedIdentities: ['x509.subject: C=US, ST=WA, O=SomeOrg'],
                },
              ],
            }),
          ),
          'oci',
        );
        const [only] = policy.kind === 'parsed' ? policy.value.statements : [];
        const isNamed = leaf !== undefined && only !== undefined && checkTrustedIdentity([leaf], only) === undefined;
        return expectEqual(!/bad/i.test(name), isNamed);
      },
    }),
  );
  return [...files, ...subjects];
}

function configurationCases(root: string): ConformanceCase[] {
  const base = join(root, 'notation-go/config/testdata');
  return filesIn(base).flatMap((folder) =>
    filesIn(join(base, folder)).map((file) => ({
      id: `config/${folder}/${file}`,
      run: () => {
        const bytes = readFileSync(join(base, folder, file));
        const parsed = file === 'config.json' ? parseNotationSettings(bytes) : parseSigningKeys(bytes);
        return expectEqual(folder.startsWith('valid') ? 'parsed' : 'malformed', parsed.kind);
      },
    })),
  );
}

/** The examples have comments and ellipses. */
export const notationPack: ConformancePack = {
  name: 'notation',
  cases: (root) => [
    ...envelopeCases(root),
    ...layoutCases(root),
    ...signingCases(root),
    ...storeCases(root),
    ...stampCases(root),
    ...revocationCases(root),
    ...certificateCases(root),
    ...configurationCases(root),
    ...exampleCases(root),
  ],
};

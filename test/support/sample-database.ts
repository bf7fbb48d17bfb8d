// SPDX-License-Identifier: Apache-2.0
// Small advisories, keys and databases for tests of the advisory database.
import { generateKeyPairSync } from 'node:crypto';
import type { Publication } from '../../src/advisories/database/assemble.ts';
import { assembleDatabase } from '../../src/advisories/database/assemble.ts';
import type { TrustedKey, TrustRoot } from '../../src/advisories/database/trusted-keys.ts';
import { trustedKeyOfPem } from '../../src/advisories/database/trusted-keys.ts';
import type { VulnerabilityContext } from '../../src/advisories/lookup.ts';
import type { MemoryFolder } from '../../src/io/memory-folder.ts';
import { memoryFolder } from '../../src/io/memory-folder.ts';
import type { Advisory, AffectedPackage } from '../../src/model/advisory.ts';

export interface TestKey {
  readonly privateKey: string;
  readonly publicKey: TrustedKey;
}

export function makeKey(role: TrustedKey['role'] = 'release'): TestKey {
  const privateKey = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  return { privateKey, publicKey: trustedKeyOfPem(privateKey, role) };
}

/** One key for all tests of a file: making keys is slow. */
export const testKey = makeKey();
export const testTrust: TrustRoot = { keys: [testKey.publicKey], rotation: 0 };
export const testNow = '2026-06-01T00:00:00Z';

export function affectedOf(ecosystem: string, name: string, parts: Partial<AffectedPackage> = {}): AffectedPackage {
  return { ecosystem, name, order: 'npm', ranges: [{ fixed: '1.2.3' }], versions: [], fixState: 'fixed', ...parts };
}

export function advisoryOf(id: string, affected: readonly AffectedPackage[], parts: Partial<Advisory> = {}): Advisory {
  return { id, aliases: [], source: 'ghsa', severities: [], cwes: [], affected, ...parts };
}

export const sampleAdvisories: readonly Advisory[] = [
  advisoryOf('GHSA-aaaa-bbbb-0001', [affectedOf('npm', 'left-pad'), affectedOf('npm', 'right-pad')], {
    aliases: ['CVE-2024-0001'],
    published: '2024-03-01T00:00:00Z',
    modified: '2024-03-02T10:20:30Z',
    severities: [
      { source: 'ghsa', type: 'word', value: 'HIGH' },
      { source: 'nvd', type: 'cvss3', value: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' },
    ],
    cwes: ['CWE-79'],
  }),
  advisoryOf(
    'PYSEC-2024-7',
    [affectedOf('PyPI', 'requests', { order: 'pep440', ranges: [{ introduced: '2.0', fixed: '2.31.0' }] })],
    {
      source: 'pypa',
      published: '2024-05-06T00:00:00Z',
    },
  ),
  advisoryOf(
    'DSA-1-1',
    [affectedOf('Debian:12', 'openssl', { order: 'dpkg', ranges: [{ fixed: '3.0.11-1~deb12u2' }] })],
    {
      source: 'debian',
      fixes: ['CVE-2024-0002', 'CVE-2024-0003'],
    },
  ),
];

export const sampleContext: ReadonlyMap<string, VulnerabilityContext> = new Map<string, VulnerabilityContext>([
  [
    'CVE-2024-0001',
    { epss: { score: 0.5, percentile: 0.99 }, knownExploited: { added: '2024-04-01', ransomware: true } },
  ],
]);

export interface SampleOptions extends Partial<Publication> {
  readonly advisories?: readonly Advisory[];
  readonly context?: ReadonlyMap<string, VulnerabilityContext>;
  readonly partial?: readonly string[];
}

/** A published database in memory. */
export function sampleDatabase(options: SampleOptions = {}): MemoryFolder {
  const { advisories = sampleAdvisories, context = sampleContext, partial = [], ...publication } = options;
  const database = assembleDatabase(
    {
      advisories,
      context,
      contextSources: new Map([['kev', '2024-04-01']]),
      partial: new Set(partial),
      asOf: new Map(),
    },
    {
      sequence: 1,
      created: '2026-05-01T00:00:00Z',
      expires: '2026-08-01T00:00:00Z',
      privateKey: testKey.privateKey,
      ...publication,
    },
  );
  const folder = memoryFolder('published');
  for (const { listing, bytes } of database.shards) folder.write(`shards/${listing.file}`, bytes);
  folder.write('index.json', database.indexBytes);
  folder.write('index.sig.json', database.envelopeBytes);
  return folder;
}

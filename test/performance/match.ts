// SPDX-License-Identifier: Apache-2.0
// Time of a whole `scan` process of an SBOM with 3,000 packages, opening the database included, against the same process with `sbom`
// (which reads the same document and matches nothing).
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Bench } from './bench.ts';
import { median } from './bench.ts';
import { alternate, runNode } from './process.ts';

const program = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const rounds = 7;

/** Names that have advisories, so that matching has real work; the rest are names that nobody has. */
const known: readonly (readonly [string, readonly string[]])[] = [
  ['npm', ['lodash', 'minimist', 'axios', 'ws', 'tar', 'qs', 'semver', 'express', 'follow-redirects', 'node-fetch']],
  [
    'pypi',
    ['django', 'flask', 'jinja2', 'requests', 'urllib3', 'pillow', 'numpy', 'cryptography', 'pyyaml', 'aiohttp'],
  ],
  [
    'golang',
    [
      'golang.org/x/net',
      'golang.org/x/crypto',
      'golang.org/x/text',
      'github.com/gin-gonic/gin',
      'github.com/dgrijalva/jwt-go',
    ],
  ],
  ['cargo', ['tokio', 'hyper', 'time', 'regex', 'smallvec', 'openssl']],
  ['gem', ['rails', 'rack', 'nokogiri', 'activerecord', 'puma']],
];

function document(packages: number): string {
  const components: unknown[] = [];
  for (let index = 0; components.length < packages; index += 1) {
    const [type, names] = known[index % known.length] ?? ['npm', []];
    const name = index % 5 === 0 ? (names[((index / 5) % names.length) | 0] ?? 'x') : `nobody-has-this-${index}`;
    const version = `${index % 4}.${index % 7}.${index % 11}`;
    const purl = `pkg:${type}/${name}@${type === 'golang' ? `v${version}` : version}`;
    components.push({ type: 'library', name, version, purl, 'bom-ref': `${purl}#${index}` });
  }
  return JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.6', version: 1, components });
}

export const matchBench: Bench = {
  name: 'match',
  title:
    '3,000 packages matched, opening the database included: whole `scan` process against `sbom` of the same document, wall time',
  run: async () => {
    const file = join(tmpdir(), `landwaiter-match-${process.pid}.cdx.json`);
    writeFileSync(file, document(3000));
    const [ours, bare] = await alternate(
      rounds,
      () => runNode([program, 'scan', `sbom:${file}`, '--format', 'json', '--quiet']),
      () => runNode([program, 'sbom', `sbom:${file}`, '--format', 'purls', '--quiet']),
    );
    const value = median(ours.map((run) => run.wall));
    const baseline = median(bare.map((run) => run.wall));
    return {
      unit: 'ms',
      value,
      baseline,
      detail: {
        rounds,
        matchMs: Math.round(value - baseline),
        rssMB: Math.round(Math.max(...ours.map((run) => run.rss))),
        cpuMs: Math.round(median(ours.map((run) => run.cpu))),
        status: String(ours[0]?.status),
      },
    };
  },
};

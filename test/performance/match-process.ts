// SPDX-License-Identifier: Apache-2.0
// Run by match.ts in a fresh process: `ours` times opening the shipped database and matching 3,000 packages, `bare` times reading and hashing
// the shards that this needs. Prints one JSON line. Loading the modules is not part of either.
import { hash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openDatabase } from '../../src/advisories/database/open.ts';
import { pinnedTrust } from '../../src/advisories/database/trusted-keys.ts';
import { matchPackages } from '../../src/advisories/match.ts';
import { packageSubject } from '../../src/evidence/packages/record.ts';
import { storedFolder } from '../../src/io/stored-files.ts';
import type { PackageList } from '../../src/model/package.ts';
import { packageOf } from '../../src/model/package.ts';

const snapshot = fileURLToPath(new URL('../../data/advisories', import.meta.url));
const packages = 3000;

/** Every twentieth package is one that has many advisories (1,700 findings in all); the rest are names that nobody has. */
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

function lists(): PackageList[] {
  return known.map(([type, names]) => ({
    cataloger: 'bench',
    path: `${type}.lock`,
    ecosystem: type,
    kind: 'declared',
    packages: Array.from({ length: packages / known.length }, (_, index) => {
      const name = index % 20 === 0 ? (names[(index / 20) % names.length] ?? 'x') : `nobody-has-this-${index}`;
      const version = `${type === 'golang' ? 'v' : ''}${index % 4}.${index % 7}.${index % 11}`;
      return packageOf({
        id: `${name}@${version}#${index}`,
        name,
        version,
        type,
        purl: `pkg:${type}/${name}@${version}`,
      });
    }),
  }));
}

function ours(): number {
  const inputs = lists().map((list) => ({
    list,
    subjectOf: (item: Parameters<typeof packageSubject>[0]) => packageSubject(item).id,
  }));
  const start = performance.now();
  const lookup = openDatabase([{ kind: 'published', folder: storedFolder(snapshot) }], {
    now: new Date().toISOString(),
    trust: pinnedTrust,
  });
  const { findings } = matchPackages(inputs, lookup);
  const elapsed = performance.now() - start;
  lookup.close();
  if (findings.length === 0) throw new Error('the benchmark found nothing, so it measures nothing');
  return elapsed;
}

function bare(): number {
  const start = performance.now();
  const shards = readdirSync(`${snapshot}/shards`).filter((file) =>
    /^(?:npm|pypi|go|crates\.io|rubygems|context)-/.test(file),
  );
  if (shards.length === 0) throw new Error('no shards');
  for (const file of shards) hash('sha256', readFileSync(`${snapshot}/shards/${file}`));
  return performance.now() - start;
}

const milliseconds = process.argv[2] === 'bare' ? bare() : ours();
process.stdout.write(`${JSON.stringify({ milliseconds, rss: process.resourceUsage().maxRSS / 1024 })}\n`);

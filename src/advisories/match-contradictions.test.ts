// SPDX-License-Identifier: Apache-2.0
// Matching where advisories contradict each other, or more than a name decides: streams, suppliers, owners, products.
import { describe, expect, it } from 'vitest';
import type { Advisory, AffectedPackage } from '../model/advisory.ts';
import { type Distribution, type PackageParts, packageOf } from '../model/package.ts';
import { type MatchResult, matchPackages } from './match.ts';
import { memoryLookup } from './memory-lookup.ts';

function advisory(id: string, affected: Partial<AffectedPackage>, aliases: readonly string[] = []): Advisory {
  const hasFix = (affected.ranges ?? []).some((range) => range.fixed !== undefined);
  const item: AffectedPackage = {
    ecosystem: 'npm',
    name: 'a',
    order: 'dpkg',
    ranges: [{}],
    versions: [],
    fixState: hasFix ? 'fixed' : 'not-fixed',
    ...affected,
  };
  return { id, aliases, source: 'ghsa', severities: [], cwes: [], affected: [item] };
}

function match(
  items: readonly PackageParts[],
  advisories: readonly Advisory[],
  distribution?: Distribution,
): MatchResult {
  const list = {
    cataloger: 'test',
    path: 'x',
    ecosystem: 'x',
    kind: 'installed' as const,
    packages: items.map(packageOf),
    ...(distribution === undefined ? {} : { distribution }),
  };
  return matchPackages([{ list, subjectOf: ({ id }) => id }], memoryLookup(advisories), {
    now: '2026-01-01T00:00:00Z',
  });
}

function ids(result: MatchResult): readonly string[] {
  return result.findings.map((finding) => `${finding.package.name} ${finding.id}`);
}

const ubuntu: Distribution = { id: 'ubuntu', idLike: [], versionId: '16.04', name: 'Ubuntu', channels: ['esm'] };
const release = { ecosystem: 'Ubuntu:16.04:LTS' };
const stream = { ecosystem: 'Ubuntu:Pro:16.04:LTS', ranges: [{ fixed: '1.2+esm1' }] };

describe('a stream with fixes of its own', () => {
  it('resolves what the release leaves open', () => {
    const advisories = [advisory('CVE-1', release), advisory('CVE-1', stream)];

    expect(ids(match([{ name: 'a', version: '1.2+esm1', type: 'deb' }], advisories, ubuntu))).toEqual([]);
  });

  it('gives the fix where the release has none', () => {
    const advisories = [advisory('CVE-1', release), advisory('CVE-1', stream)];

    const { findings } = match([{ name: 'a', version: '1.1', type: 'deb' }], advisories, ubuntu);

    expect(findings).toMatchObject([{ id: 'CVE-1', fixState: 'fixed', fixedVersions: ['1.2+esm1'] }]);
  });

  it('is not asked by systems that do not follow it', () => {
    const advisories = [advisory('CVE-1', release), advisory('CVE-1', stream)];
    const plain = { ...ubuntu, channels: [] };

    const { findings } = match([{ name: 'a', version: '1.1', type: 'deb' }], advisories, plain);

    expect(findings).toMatchObject([{ id: 'CVE-1', fixState: 'not-fixed', fixedVersions: [] }]);
  });
});

describe('a supplier that rebuilds packages', () => {
  const original = advisory('GHSA-1', { ecosystem: 'PyPI', name: 'requests', order: 'pep440' }, ['CVE-1']);
  const repaired = advisory(
    'ROOT-1',
    { ecosystem: 'Root:PyPI', name: 'rootio-requests', order: 'pep440', ranges: [{ fixed: '2.31.0+root.io.1' }] },
    ['CVE-1'],
  );

  it('clears what it has fixed, and nothing before', () => {
    const name = 'rootio-requests';

    expect(ids(match([{ name, version: '2.31.0+root.io.1', type: 'pypi' }], [original, repaired]))).toEqual([]);
    expect(ids(match([{ name, version: '2.30.0', type: 'pypi' }], [original, repaired]))).toEqual([`${name} CVE-1`]);
  });

  it('says nothing about the original package', () => {
    expect(ids(match([{ name: 'requests', version: '2.31.0', type: 'pypi' }], [original, repaired]))).toEqual([
      'requests CVE-1',
    ]);
  });
});

describe('a statement that versions are not affected', () => {
  it('clears them of what other advisories say', () => {
    const wide = advisory('GHSA-1', { order: 'npm' }, ['CVE-1']);
    const free = advisory('CVE-1', { order: 'npm', ranges: [], versions: ['1.0.0'], fixState: 'not-affected' });

    expect(ids(match([{ name: 'a', version: '1.0.0', type: 'npm' }], [wide, free]))).toEqual([]);
    expect(ids(match([{ name: 'a', version: '1.0.1', type: 'npm' }], [wide, free]))).toEqual(['a CVE-1']);
  });
});

describe('a package that another one installed', () => {
  const wolfi: Distribution = { id: 'wolfi', idLike: [], versionId: '', name: 'Wolfi' };
  const inner = { id: 'inner', name: 'httpie', version: '1.0.2', type: 'pypi', ownedBy: ['outer'] };
  const outer = { id: 'outer', name: 'httpie', version: '1.0.2-r1', type: 'apk' };
  const language = advisory('GHSA-1', { ecosystem: 'PyPI', name: 'httpie', order: 'pep440' }, ['CVE-1']);

  it('is free of what the distribution has repaired', () => {
    const repaired = advisory('CVE-1', {
      ecosystem: 'Wolfi',
      name: 'httpie',
      order: 'apk',
      ranges: [{ fixed: '1.0.2-r1' }],
    });

    expect(ids(match([outer, inner], [language, repaired], wolfi))).toEqual([]);
  });

  it('is looked up where the distribution says nothing', () => {
    const other = advisory('CVE-2', {
      ecosystem: 'Wolfi',
      name: 'httpie',
      order: 'apk',
      ranges: [{ fixed: '0.1-r0' }],
    });

    expect(ids(match([outer, inner], [language, other], wolfi))).toEqual(['httpie CVE-1']);
  });

  it('is no second package where the distribution covers all it installs', () => {
    const debian: Distribution = { id: 'debian', idLike: [], versionId: '12', name: 'Debian' };
    const owner = { ...outer, type: 'deb', version: '1.0.2-1' };

    expect(ids(match([owner, inner], [language, advisory('CVE-2', { ecosystem: 'Debian:12' })], debian))).toEqual([]);
  });
});

describe('a package with nothing but a CPE name', () => {
  const product = advisory('CVE-1', {
    ecosystem: 'CPE',
    name: 'openssl',
    order: 'fuzzy',
    ranges: [{ introduced: '3.0.0', fixed: '3.0.2' }],
    cpes: ['cpe:2.3:a:openssl:openssl:*:*:*:*:*:*:*:*'],
  });
  const binary = { name: 'openssl', version: '3.0.1', type: 'generic' };

  it('is looked up by it', () => {
    const cpes = ['cpe:2.3:a:openssl:openssl:3.0.1:*:*:*:*:*:*:*'];

    expect(match([{ ...binary, cpes }], [product]).findings).toMatchObject([
      { id: 'CVE-1', matches: [{ searched: 'CPE / openssl (by CPE)', via: 'cpe' }], fixedVersions: ['3.0.2'] },
    ]);
  });

  it('is not meant by products of other vendors, or on other platforms', () => {
    const cpes = ['cpe:2.3:a:somebody:openssl:3.0.1:*:*:*:*:*:*:*'];
    const [affected] = product.affected;
    const windows = {
      ...product,
      affected: [{ ...affected, platforms: ['cpe:2.3:o:microsoft:windows:-:*:*:*:*:*:*:*'] }],
    };
    const own = ['cpe:2.3:a:openssl:openssl:3.0.1:*:*:*:*:*:*:*'];
    const debian: Distribution = { id: 'debian', idLike: [], versionId: '12', name: 'Debian' };

    expect(ids(match([{ ...binary, cpes }], [product]))).toEqual([]);
    expect(ids(match([{ ...binary, cpes: own }], [windows as Advisory], debian))).toEqual([]);
  });

  it('is no gap of a database without such advisories', () => {
    const { uncovered } = match([{ ...binary, cpes: ['cpe:2.3:a:v:openssl:1:*:*:*:*:*:*:*'] }], []);

    expect(uncovered).toMatchObject([{ reason: 'no-ecosystem', hidesFindings: false }]);
  });
});

describe('a Go binary', () => {
  const affected = {
    ecosystem: 'Go',
    name: 'golang.org/x/net',
    order: 'golang',
    importPaths: ['golang.org/x/net/html#Parse'],
  };
  const module = { name: 'golang.org/x/net', version: 'v0.1.0', type: 'golang' };

  it('is free of what was not compiled in', () => {
    const facts = { goSymbols: { 'golang.org/x/net/http2': ['(*Framer).ReadFrame'] } };

    expect(ids(match([{ ...module, facts }], [advisory('GO-1', affected)]))).toEqual([]);
    expect(ids(match([module], [advisory('GO-1', affected)]))).toEqual(['golang.org/x/net GO-1']);
  });
});

describe('a distribution past its support', () => {
  it('is told, and hides nothing by itself', () => {
    const old: Distribution = { id: 'debian', idLike: [], versionId: '8', name: 'Debian' };

    const { uncovered } = match(
      [{ name: 'a', version: '1', type: 'deb' }],
      [advisory('CVE-1', { ecosystem: 'Debian:8', name: 'b' })],
      old,
    );

    expect(uncovered).toMatchObject([{ reason: 'end-of-life', ecosystem: 'Debian 8', hidesFindings: false }]);
  });
});

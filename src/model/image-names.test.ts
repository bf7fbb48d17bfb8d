// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { namespaceOf } from './advisory-namespace.ts';
import { describeEpss } from './epss.ts';
import { comparableImagePurl, hubRepositoryUrl, imageProductNames, releaseProductNames } from './image-names.ts';
import { purlCovers } from './purl-match.ts';

const hex = 'a'.repeat(64);

describe('imageProductNames', () => {
  it('gives a package URL for a tag, and for a digest', () => {
    expect(imageProductNames('alpine:3.18')).toEqual(['alpine:3.18', 'pkg:oci/alpine?tag=3.18']);
    const names = imageProductNames(`ghcr.io/team/app@sha256:${hex}`);
    expect(names.at(-1)).toBe(hex);
    expect(names[1]).toContain('repository_url=ghcr.io');
  });

  it('knows the place of official images', () => {
    expect(imageProductNames(`alpine@sha256:${hex}`)[1]).toContain('index.docker.io');
  });

  it('gives back other texts, and never throws', () => {
    expect(imageProductNames('shop')).toEqual(['shop']);
    expect(imageProductNames('')).toEqual([]);
    fc.assert(fc.property(fc.string(), (text) => Array.isArray(imageProductNames(text))));
  });

  it('names a release of other things when it has a name and a version', () => {
    expect(releaseProductNames('MyApp', '1.2')).toEqual(['pkg:generic/myapp@1.2']);
    expect(releaseProductNames('MyApp', '')).toEqual([]);
  });
});

describe('comparableImagePurl', () => {
  it('takes the names of Docker Hub for one', () => {
    expect(hubRepositoryUrl(' https://docker.io/library/ ')).toBe('index.docker.io/library');
    const written = comparableImagePurl(`pkg:oci/alpine@sha256%3A${hex}?repository_url=docker.io/library/alpine`);
    const own = comparableImagePurl(imageProductNames(`alpine@sha256:${hex}`)[1] ?? '');
    expect(purlCovers(written, own)).toBe(true);
  });
});

describe('namespaceOf', () => {
  it.each([
    ['ghsa', 'PyPI', 'github:language:python'],
    ['ubuntu', 'Ubuntu:Pro:16.04:LTS', 'ubuntu:distro:ubuntu:16.04'],
    ['redhat', 'Red Hat:enterprise_linux:8::baseos', 'redhat:distro:redhat:8'],
    ['suse', 'SUSE:Linux Enterprise Server 15 SP5', 'sles:distro:sles:15.5'],
    ['azure-linux', 'Azure Linux:3', 'mariner:distro:azurelinux:3.0'],
    ['nvd', 'CPE', 'nvd:cpe'],
  ])('of %s on %s is %s', (source, ecosystem, wanted) => {
    expect(namespaceOf(source, ecosystem)).toBe(wanted);
  });
});

describe('describeEpss', () => {
  it.each([
    [0.0005, 0.15, '< 0.1% (15th)'],
    [0.345, 0.22, '34.5% (22nd)'],
    [0.2, 0.13, '20.0% (13th)'],
    [1, 1, '100.0% (100th)'],
  ])('of %d and %d says %s', (score, percentile, wanted) => {
    expect(describeEpss({ score, percentile })).toBe(wanted);
  });
});

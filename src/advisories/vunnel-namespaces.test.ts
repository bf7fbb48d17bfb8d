// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { isKnownError } from './corrections.ts';
import { distributionOfNamespace, ecosystemOfNamespace, sourceOfNamespace } from './vunnel-namespaces.ts';

describe('a namespace of vunnel', () => {
  it.each([
    ['debian:12', 'Debian:12', 'debian'],
    ['ubuntu:22.04', 'Ubuntu:22.04:LTS', 'ubuntu'],
    ['ubuntu:22.04+esm', 'Ubuntu:Pro:22.04:LTS', 'ubuntu'],
    ['mariner:3.0', 'Azure Linux:3', 'azure-linux'],
    ['rhel:9.4+eus', 'Red Hat:9.4+eus', 'redhat'],
    ['wolfi:rolling', 'Wolfi', 'chainguard'],
    ['github:python', 'PyPI', 'ghsa'],
  ])('%s is %s of %s', (namespace, ecosystem, source) => {
    expect(ecosystemOfNamespace(namespace)).toBe(ecosystem);
    expect(sourceOfNamespace(namespace)).toBe(source);
  });

  it('of a system that nobody asks for has no ecosystem', () => {
    expect(ecosystemOfNamespace('templeos:5')).toBeUndefined();
    expect(distributionOfNamespace('nonsense')).toBeUndefined();
  });
});

describe('isKnownError', () => {
  it('knows packages that an advisory does not mean', () => {
    expect(isKnownError('maven', 'org.apache.logging.log4j:log4j-api', ['CVE-2021-44228'])).toBe(true);
    expect(isKnownError('maven', 'org.apache.logging.log4j:log4j-core', ['CVE-2021-44228'])).toBe(false);
  });
});

// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { javaRuntime } from './java-runtime.ts';

describe('javaRuntime', () => {
  it('names an OpenJDK build', () => {
    const release =
      'IMPLEMENTOR="Eclipse Adoptium"\nJAVA_RUNTIME_VERSION="21.0.4+7-LTS"\nJAVA_VERSION="21.0.4"\nIMAGE_TYPE="JDK"\nOS_ARCH="aarch64"\n';

    const { packages } = catalogText(javaRuntime, { 'opt/java/openjdk/release': release });

    expect(packages).toMatchObject([
      {
        name: 'openjdk',
        version: '21.0.4+7-LTS',
        purl: 'pkg:generic/oracle/openjdk@21.0.4%2B7-LTS',
        cpes: ['cpe:2.3:a:oracle:openjdk:21.0.4:*:*:*:*:*:*:*'],
        facts: { architecture: 'aarch64', supplier: 'Eclipse Adoptium' },
      },
    ]);
  });

  it('splits the update off versions before Java 9', () => {
    const release = 'JAVA_RUNTIME_VERSION="1.8.0_411-b25"\nBUILD_TYPE="commercial"\n';

    const { get } = catalogText(javaRuntime, { 'usr/lib/jvm/jdk-1.8/release': release });

    expect(get('jdk').cpes).toContain('cpe:2.3:a:oracle:jdk:1.8.0:update411:*:*:*:*:*:*');
  });

  it('knows the builds of Azul', () => {
    const { get } = catalogText(javaRuntime, {
      'usr/lib/jvm/zulu-11/release': 'IMPLEMENTOR="Azul Systems"\nJAVA_VERSION="11.0.9"\n',
    });

    expect(get('zulu').purl).toBe('pkg:generic/azul/zulu@11.0.9');
  });

  it('gives nothing for another file of that name', () => {
    expect(catalogText(javaRuntime, { 'usr/lib/jvm/x/release': 'PRETTY_NAME="Some Linux"\n' }).packages).toEqual([]);
  });
});

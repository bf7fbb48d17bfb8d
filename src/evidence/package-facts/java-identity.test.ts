// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseManifest } from '../../formats/java-manifest.ts';
import { guessIdentity, parseArchiveName } from './java-identity.ts';

describe('parseArchiveName', () => {
  it.each([
    ['lib/guava-29.0-jre.jar', 'guava', '29.0-jre'],
    ['log4j-1.2-api-2.17.1.jar', 'log4j-1.2-api', '2.17.1'],
    ['kafka_2.13-3.2.2.jar', 'kafka_2.13', '3.2.2'],
    ['app.jar', 'app', ''],
    ['spring-web-5.3.0.RELEASE.jar', 'spring-web', '5.3.0.RELEASE'],
  ])('reads %s', (path, name, version) => {
    expect(parseArchiveName(path)).toEqual({ name, version });
  });

  it('throws for no name', () => {
    fc.assert(fc.property(fc.string(), (name) => void parseArchiveName(name)));
  });
});

describe('guessIdentity', () => {
  it('takes group and artifact from a file name that has both', () => {
    expect(guessIdentity('io.quarkus.gizmo.gizmo-1.1.jar', undefined)).toMatchObject({
      groupId: 'io.quarkus.gizmo',
      artifactId: 'gizmo',
    });
  });

  it('passes over names that cannot be artifacts', () => {
    const manifest = parseManifest(
      'Implementation-Title: %pluginName\nBundle-Name: Some words\nSpecification-Title: real.name\n',
    );

    expect(guessIdentity('x', manifest)).toMatchObject({ artifactId: 'real.name', identifiedBy: 'manifest' });
  });

  it('takes a version of a section only when the main section has none', () => {
    const manifest = parseManifest('Bundle-Version: 1\n\nName: a/\nImplementation-Version: 2 build 7\n');

    expect(guessIdentity('x', manifest)?.version).toBe('2');
  });
});

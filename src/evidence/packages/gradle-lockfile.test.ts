// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { gradleLockfile } from './gradle-lockfile.ts';

describe('gradleLockfile', () => {
  it('gives scope and groups by configuration', () => {
    const lock =
      '# comment\norg.a:one:1=compileClasspath,testCompileClasspath\norg.a:two:2=testRuntimeClasspath\norg.a:three:3=annotationProcessor\nempty=\n';

    const { get, problems } = catalogText(gradleLockfile, { 'app/gradle.lockfile': lock });

    expect(get('org.a:one')).toMatchObject({
      scope: 'runtime',
      locations: [{ path: 'app/gradle.lockfile', line: 2 }],
      facts: { groups: ['compileClasspath', 'testCompileClasspath'] },
    });
    expect(get('org.a:two').scope).toBe('test');
    expect(get('org.a:three').scope).toBe('build');
    expect(problems).toEqual([]);
  });

  it('takes the locks of build scripts and of the older layout', () => {
    const script = catalogText(gradleLockfile, { 'buildscript-gradle.lockfile': 'org.a:one:1=classpath\n' });
    const old = catalogText(gradleLockfile, {
      'gradle/dependency-locks/testCompileClasspath.lockfile': 'org.a:one:1\n',
    });

    expect(script.get('org.a:one').scope).toBe('build');
    expect(old.get('org.a:one').scope).toBe('test');
  });

  it("finds licences and dependencies in Gradle's cache", () => {
    const pom =
      '<project><groupId>org.a</groupId><artifactId>one</artifactId><version>1</version><licenses><license><name>MIT</name></license></licenses><dependencies><dependency><groupId>org.a</groupId><artifactId>two</artifactId></dependency></dependencies></project>';

    const { get } = catalogText(gradleLockfile, {
      'gradle.lockfile': 'org.a:one:1=runtimeClasspath\norg.a:two:2=runtimeClasspath\n',
      'caches/modules-2/files-2.1/org.a/one/1/0123abc/one-1.pom': pom,
    });

    expect(get('org.a:one')).toMatchObject({ licenses: ['MIT'], dependsOn: ['org.a:two@2'] });
  });

  it('tells lines that it cannot read', () => {
    const { problems } = catalogText(gradleLockfile, { 'gradle.lockfile': '>>>\norg.a:one=x\nempty=\n' });

    expect(problems.map((problem) => problem.location.line)).toEqual([1, 2]);
  });

  it('does not take a file that was cut off for all artifacts', () => {
    const { problems } = catalogText(gradleLockfile, { 'gradle.lockfile': '# generated\norg.a:one:1=compileClass' });

    expect(problems).toMatchObject([{ kind: 'syntax', hidesFindings: true }]);
  });
});

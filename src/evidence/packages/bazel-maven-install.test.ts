// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { bazelMavenInstall } from './bazel-maven-install.ts';

const sum = 'c'.repeat(64);

describe('bazelMavenInstall', () => {
  it('reads the form with artifacts and dependencies apart', () => {
    const lock = JSON.stringify({
      artifacts: { 'org.a:one': { shasums: { jar: sum, sources: null }, version: '1' }, 'org.a:two': { version: '2' } },
      dependencies: { 'org.a:one': ['org.a:two'] },
      version: '2',
    });

    const { get } = catalogText(bazelMavenInstall, { 'maven_install.json': lock });

    expect(get('org.a:one')).toMatchObject({ version: '1', digests: [`sha256:${sum}`], dependsOn: ['org.a:two@2'] });
  });

  it('reads the older tree, without source archives', () => {
    const lock = JSON.stringify({
      dependency_tree: {
        dependencies: [
          {
            coord: 'org.a:one:1',
            directDependencies: ['org.a:two:2'],
            sha256: sum,
            url: 'https://repository.example/one-1.jar',
          },
          { coord: 'org.a:one:jar:sources:1', directDependencies: [], sha256: sum },
          { coord: 'org.a:two:2', directDependencies: [] },
        ],
      },
    });

    const { get, names } = catalogText(bazelMavenInstall, { 'maven_install.json': lock });

    expect(names).toEqual(['org.a:one@1', 'org.a:two@2']);
    expect(get('org.a:one').dependsOn).toEqual(['org.a:two@2']);
  });

  it('says that it does not know a form', () => {
    const { problems } = catalogText(bazelMavenInstall, { 'maven_install.json': '{"version": "9"}' });

    expect(problems).toMatchObject([{ kind: 'unsupported', hidesFindings: true }]);
  });
});

// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { mavenPom } from './maven-pom.ts';

function dependency(artifact: string, version = '', more = ''): string {
  const stated = version === '' ? '' : `<version>${version}</version>`;
  return `<dependency><groupId>org.lib</groupId><artifactId>${artifact}</artifactId>${stated}${more}</dependency>`;
}

function project(artifact: string, inner: string, version = '1.0'): string {
  return `<project><groupId>org.app</groupId><artifactId>${artifact}</artifactId><version>${version}</version>${inner}</project>`;
}

function library(artifact: string, version: string, dependencies: string): Record<string, string> {
  const head = `<groupId>org.lib</groupId><artifactId>${artifact}</artifactId><version>${version}</version>`;
  return {
    [`.m2/repository/org/lib/${artifact}/${version}/${artifact}-${version}.pom`]: `<project>${head}<dependencies>${dependencies}</dependencies></project>`,
  };
}

function dependencies(...items: string[]): string {
  return `<dependencies>${items.join('')}</dependencies>`;
}

function managed(...items: string[]): string {
  return `<dependencyManagement>${dependencies(...items)}</dependencyManagement>`;
}

describe('mavenPom', () => {
  it('gives the project and its dependencies with scopes', () => {
    const inner = dependencies(
      dependency('a', '1'),
      dependency('b', '2', '<scope>test</scope>'),
      dependency('c', '3', '<scope>provided</scope>'),
      dependency('d', '4', '<optional>true</optional>'),
    );

    const { get, problems } = catalogText(mavenPom, { 'pom.xml': project('app', inner) });

    expect(get('org.app:app')).toMatchObject({ relationship: 'root', purl: 'pkg:maven/org.app/app@1.0' });
    expect(get('org.lib:a')).toMatchObject({ scope: 'runtime', relationship: 'direct', purl: 'pkg:maven/org.lib/a@1' });
    expect(get('org.lib:b').scope).toBe('test');
    expect(get('org.lib:c')).toMatchObject({ scope: 'peer', facts: { groups: ['provided'] } });
    expect(get('org.lib:d').facts?.other).toEqual({ optional: 'true' });
    expect(problems).toEqual([]);
  });

  it('finds parents by relative path and takes versions, properties and dependencies from them', () => {
    const parent = project(
      'parent',
      `<properties><a.version>1</a.version><b.version>1</b.version></properties>
       ${managed(dependency('a', '${a.version}'), dependency('b', '${b.version}'))}${dependencies(dependency('b'))}`,
    );
    const child = `<project><parent><groupId>org.app</groupId><artifactId>parent</artifactId><version>1.0</version></parent>
      <artifactId>child</artifactId><properties><b.version>2</b.version></properties>${dependencies(dependency('a'))}</project>`;

    const { get, problems } = catalogText(mavenPom, { 'pom.xml': parent, 'child/pom.xml': child });

    expect(get('org.app:child').dependsOn).toEqual(['org.lib:a@1', 'org.lib:b@2']);
    expect(problems).toEqual([]);
  });

  it('finds parents anywhere in the tree by their coordinates', () => {
    const child = `<project><parent><groupId>org.app</groupId><artifactId>parent</artifactId><version>1.0</version></parent>
      <artifactId>child</artifactId>${dependencies(dependency('a'))}</project>`;

    const { get } = catalogText(mavenPom, {
      'x/y/pom.xml': child,
      'build/pom.xml': project('parent', managed(dependency('a', '7'))),
    });

    expect(get('org.lib:a').version).toBe('7');
  });

  it('takes the version of a CI build from the property that all projects share', () => {
    const child = `<project><parent><groupId>org.app</groupId><artifactId>parent</artifactId><version>\${revision}</version></parent>
      <artifactId>child</artifactId></project>`;
    const parent = project('parent', '<properties><revision>3.1</revision></properties>', '${revision}');

    const { get } = catalogText(mavenPom, { 'pom.xml': parent, 'child/pom.xml': child });

    expect(get('org.app:child').version).toBe('3.1');
  });

  it('imports dependency management, own entries first', () => {
    const bom = project('bom', managed(dependency('a', '1'), dependency('b', '1')));
    const inner = `${managed(
      dependency('a', '2'),
      '<dependency><groupId>org.app</groupId><artifactId>bom</artifactId><version>1.0</version><type>pom</type><scope>import</scope></dependency>',
    )}${dependencies(dependency('a'), dependency('b'))}`;

    const { names } = catalogText(mavenPom, { 'bom/pom.xml': bom, 'app/pom.xml': project('app', inner) });

    expect(names).toContain('org.lib:a@2');
    expect(names).toContain('org.lib:b@1');
  });

  it('says which parent is missing, and that findings are hidden when versions stood there', () => {
    const parent =
      '<parent><groupId>org.far</groupId><artifactId>parent</artifactId><version>1</version></parent><repositories><repository><id>corp</id></repository></repositories>';
    const complete = `<project>${parent}<artifactId>a</artifactId>${dependencies(dependency('x', '1'))}</project>`;
    const lost = `<project>${parent}<artifactId>b</artifactId>${dependencies(dependency('x'))}</project>`;

    const first = catalogText(mavenPom, { 'pom.xml': complete });
    const second = catalogText(mavenPom, { 'pom.xml': lost });

    expect(first.problems).toMatchObject([{ kind: 'unresolved', hidesFindings: false }]);
    expect(first.problems[0]?.message).toBe(
      'parent org.far:parent:1 is not in the tree; the project gets it from corp',
    );
    expect(second.problems.every((problem) => problem.hidesFindings)).toBe(true);
    expect(second.get('org.lib:x').version).toBe('');
  });

  it('follows dependencies into a local repository: nearest version wins, tests and options of others are left out', () => {
    const files = {
      'pom.xml': project('app', dependencies(dependency('a', '1'), dependency('c', '1'))),
      ...library('a', '1', `${dependency('b', '1')}${dependency('t', '1', '<scope>test</scope>')}`),
      ...library('b', '1', dependency('c', '2')),
      ...library('c', '1', dependency('o', '1', '<optional>true</optional>')),
    };

    const { get, names } = catalogText(mavenPom, files);

    expect(names).toEqual(['org.app:app@1.0', 'org.lib:a@1', 'org.lib:b@1', 'org.lib:c@1']);
    expect(get('org.lib:b')).toMatchObject({ relationship: 'indirect', dependsOn: ['org.lib:c@1'] });
  });

  it("lets the project's dependency management and exclusions decide about what others need", () => {
    const exclusion = '<exclusions><exclusion><groupId>*</groupId><artifactId>d</artifactId></exclusion></exclusions>';
    const files = {
      'pom.xml': project('app', `${managed(dependency('b', '9'))}${dependencies(dependency('a', '1', exclusion))}`),
      ...library('a', '1', `${dependency('b', '1')}${dependency('d', '1')}`),
    };

    const { names } = catalogText(mavenPom, files);

    expect(names).toEqual(['org.app:app@1.0', 'org.lib:a@1', 'org.lib:b@9']);
  });

  it('lets a hard requirement win over a nearer wish', () => {
    const files = {
      'pom.xml': project('app', dependencies(dependency('a', '1'), dependency('b', '2'))),
      ...library('a', '1', dependency('b', '[1]')),
    };

    const { get } = catalogText(mavenPom, files);

    expect(get('org.lib:b')).toMatchObject({ version: '1', constraint: '2' });
  });

  it('names projects of the same tree without what they need, and modules of an aggregator', () => {
    const files = {
      'pom.xml': project('root', '<modules><module>one</module></modules>'),
      'one/pom.xml': project(
        'one',
        '<dependencies><dependency><groupId>org.app</groupId><artifactId>two</artifactId><version>1.0</version></dependency></dependencies>',
      ),
      'two/pom.xml': project('two', dependencies(dependency('a', '1'))),
    };

    const { packages } = catalogText(mavenPom, files);

    expect(packages.filter((item) => item.relationship === 'workspace').map((item) => item.id)).toEqual([
      'org.app:two@1.0',
      'org.app:one@1.0',
    ]);
    expect(packages.filter((item) => item.id === 'org.lib:a@1')).toHaveLength(1);
  });

  it('takes the last of two declarations of one artifact, as Maven does', () => {
    const { names } = catalogText(mavenPom, {
      'pom.xml': project('app', dependencies(dependency('a', '1'), dependency('a', '2'))),
    });

    expect(names).toContain('org.lib:a@2');
    expect(names).not.toContain('org.lib:a@1');
  });

  it('marks projects of the invoker plug-in as tests', () => {
    const { get } = catalogText(mavenPom, { 'src/it/one/pom.xml': project('app', dependencies(dependency('a', '1'))) });

    expect(get('org.lib:a').scope).toBe('test');
  });

  it('ends with parents, imports and properties that go round in circles', () => {
    const parent = (name: string): string =>
      `<parent><groupId>org.app</groupId><artifactId>${name}</artifactId><version>1.0</version><relativePath/></parent>`;
    const bom = (name: string): string =>
      managed(
        `<dependency><groupId>org.app</groupId><artifactId>${name}</artifactId><version>1.0</version><type>pom</type><scope>import</scope></dependency>`,
      );
    const doubling = Array.from(
      { length: 60 },
      (_, index) => `<p${index}>\${p${index + 1}}\${p${index + 1}}</p${index}>`,
    ).join('');
    const inner = `<properties><x>\${y}</x><y>\${x}</y>${doubling}<p60>z</p60></properties>${dependencies(dependency('a', '${x}'), dependency('b', '${p0}'))}`;

    const { get, problems } = catalogText(mavenPom, {
      'a/pom.xml': project('a', `${parent('b')}${bom('b')}${inner}`),
      'b/pom.xml': project('b', `${parent('a')}${bom('a')}`),
    });

    expect(get('org.lib:a').version).toBe('');
    expect(problems.some((problem) => problem.hidesFindings)).toBe(true);
  });

  it('does not take the project files of a local repository for projects', () => {
    const { packages } = catalogText(mavenPom, library('a', '1', dependency('b', '1')));

    expect(packages).toEqual([]);
  });
});

// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { storedZip } from '../../../test/conformance/zip-writer.ts';
import { javaArchive } from './java-archive.ts';

const encoder = new TextEncoder();

function jar(files: Record<string, string | Uint8Array>): Uint8Array {
  return storedZip(
    Object.entries(files).map(([name, content]) => ({
      name,
      bytes: typeof content === 'string' ? encoder.encode(content) : content,
    })),
  );
}

function record(group: string, artifact: string, version: string, pom = ''): Record<string, string> {
  const folder = `META-INF/maven/${group}/${artifact}`;
  return {
    [`${folder}/pom.properties`]: `groupId=${group}\nartifactId=${artifact}\nversion=${version}\n`,
    ...(pom === '' ? {} : { [`${folder}/pom.xml`]: `<project><groupId>${group}</groupId>${pom}</project>` }),
  };
}

describe('javaArchive', () => {
  it('identifies an archive by its Maven record and gives licence and digest', () => {
    const bytes = jar(record('org.a', 'one', '1', '<licenses><license><name>MIT</name></license></licenses>'));

    const { get } = catalogText(javaArchive, { 'lib/one-1.jar': bytes });

    expect(get('org.a:one')).toMatchObject({ version: '1', licenses: ['MIT'], purl: 'pkg:maven/org.a/one@1' });
    expect(get('org.a:one').digests[0]).toMatch(/^sha1:[0-9a-f]{40}$/);
  });

  it('lists what is packed into an archive and what that needs', () => {
    const bytes = jar({
      ...record('org.a', 'app', '1'),
      ...record(
        'org.b',
        'lib',
        '2',
        '<dependencies><dependency><groupId>org.c</groupId><artifactId>deep</artifactId></dependency></dependencies>',
      ),
      ...record('org.c', 'deep', '3'),
    });

    const { get } = catalogText(javaArchive, { 'app-1.jar': bytes });

    expect(get('org.a:app').dependsOn).toEqual(['org.b:lib@2', 'org.c:deep@3']);
    expect(get('org.b:lib').dependsOn).toEqual(['org.c:deep@3']);
  });

  it('opens archives inside, and says where a package lies', () => {
    const inner = jar(record('org.b', 'lib', '2'));
    const bytes = jar({ ...record('org.a', 'app', '1'), 'BOOT-INF/lib/lib-2.jar': inner });

    const { get } = catalogText(javaArchive, { 'app.war': bytes });

    expect(get('org.b:lib').facts?.other).toEqual({ 'archive-member': 'BOOT-INF/lib/lib-2.jar' });
    expect(get('org.a:app').dependsOn).toEqual(['org.b:lib@2']);
  });

  it('stops at archives nested too deep, with a problem', () => {
    let bytes = jar(record('org.a', 'core', '1'));
    for (let level = 0; level < 12; level += 1) bytes = jar({ 'inner.jar': bytes });

    const { problems } = catalogText(javaArchive, { 'outer.jar': bytes });

    expect(problems).toMatchObject([{ kind: 'limit', hidesFindings: true }]);
  });

  it('falls back to manifest and file name, and says so', () => {
    const manifest =
      'Manifest-Version: 1.0\nImplementation-Title: tool\nBundle-SymbolicName: org.example.tool;singleton:=true\nBundle-License: https://www.apache.org/licenses/LICENSE-2.0.txt\n';

    const { get } = catalogText(javaArchive, { 'tool-1.5.jar': jar({ 'META-INF/MANIFEST.MF': manifest }) });

    expect(get('org.example.tool:tool')).toMatchObject({
      version: '1.5',
      licenses: ['Apache-2.0'],
      facts: { other: { 'identified-by': 'file name' } },
    });
  });

  it('knows the groups of well-known artifacts', () => {
    const { names } = catalogText(javaArchive, { 'log4j-core-2.14.1.jar': jar({ 'x.txt': '' }) });

    expect(names).toEqual(['org.apache.logging.log4j:log4j-core@2.14.1']);
  });

  it('tells an archive from the only thing that it packs', () => {
    const manifest = 'Group-Id: org.tools\n';
    const bytes = jar({ ...record('org.b', 'lib', '1.3'), 'META-INF/MANIFEST.MF': manifest });

    const { names } = catalogText(javaArchive, { 'tool-2.0.jar': bytes });

    expect(names).toEqual(['org.b:lib@1.3', 'org.tools:tool@2.0']);
  });

  it('does not invent a package for an archive without name or version', () => {
    const { packages, problems } = catalogText(javaArchive, { 'app.jar': jar({ 'x.txt': '' }) });

    expect(packages).toEqual([]);
    expect(problems).toEqual([]);
  });

  it('tells what is no archive', () => {
    const { problems } = catalogText(javaArchive, { 'broken.jar': 'no zip' });

    expect(problems).toMatchObject([{ kind: 'syntax', hidesFindings: true }]);
  });
});

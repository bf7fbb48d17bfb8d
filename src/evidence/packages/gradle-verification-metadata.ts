// SPDX-License-Identifier: Apache-2.0
// gradle/verification-metadata.xml: every component that a Gradle build may fetch, with checksums; plug-ins and old versions included.
// https://docs.gradle.org/current/userguide/dependency_verification.html
import type { XmlElement } from '../../formats/xml.ts';
import { childOf, childrenOf, decodeXml, parseXml } from '../../formats/xml.ts';
import type { Digest } from '../../model/digest.ts';
import { digestOf } from '../../model/digest.ts';
import type { Package } from '../../model/package.ts';
import type { SourceFile } from '../../sources/source.ts';
import { mavenPackage } from '../package-facts/maven-coordinates.ts';
import { mergePackages } from '../package-facts/merge.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const gradleVerificationMetadata = defineCataloger({
  id: 'gradle-verification-metadata',
  title: 'gradle/verification-metadata.xml',
  ecosystems: ['maven'],
  kind: 'declared',
  files: ['**/gradle/verification-metadata.xml'],
  capabilities: {
    versions: 'exact',
    dependencies: 'none',
    scopes: false,
    licenses: false,
    digests: true,
    lines: true,
    gaps: ['which of the listed components the build really uses', 'dependency relations'],
  },
  parse: parseVerificationMetadata,
});

function parseVerificationMetadata(file: SourceFile): CatalogResult {
  const { text, problems: encoding } = decodeXml(file.bytes, file.path);
  const { root, problems: syntax } = parseXml(text, file.path);
  const components = childrenOf(childOf(root, 'components'), 'component');
  const packages = components
    .map((component) => packageOfComponent(component, file.path))
    .filter((item) => item !== undefined);
  return { packages: mergePackages(packages), problems: [...encoding, ...syntax] };
}

function packageOfComponent(component: XmlElement, path: string): Package | undefined {
  const { group: groupId = '', name: artifactId = '', version = '' } = component.attributes;
  if (groupId === '' || artifactId === '') return undefined;
  return mavenPackage(
    { groupId, artifactId, version },
    {
      locations: [{ path, line: component.line, endLine: component.endLine }],
      digests: digestsOf(component, `${artifactId}-${version}`),
    },
  );
}

/** Checksums of the archive itself, not of its project file or of classified variants. */
function digestsOf(component: XmlElement, name: string): Digest[] {
  const artifact = childrenOf(component, 'artifact').find(
    (item) =>
      /\.(?:jar|aar|war|zip)$/.test(item.attributes['name'] ?? '') && item.attributes['name']?.slice(0, -4) === name,
  );
  const sums = artifact?.children.map((sum) => digestOf(sum.name, sum.attributes['value'] ?? '')) ?? [];
  return sums.filter((digest) => digest !== undefined);
}

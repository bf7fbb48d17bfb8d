// SPDX-License-Identifier: Apache-2.0
// Maven coordinates as a package: name `group:artifact`, package URL with the type and classifier that differ from a plain jar.
import type { Package } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import { formatPurl } from '../../model/purl.ts';

export interface MavenCoordinates {
  readonly groupId: string;
  readonly artifactId: string;
  readonly version: string;
}

export interface ArtifactCoordinates extends MavenCoordinates {
  readonly type?: string | undefined;
  readonly classifier?: string | undefined;
}

/** purl-spec, type maven. Undefined without an artifact. */
export function mavenPurl(coordinates: ArtifactCoordinates): string | undefined {
  const { groupId, artifactId, version, type, classifier } = coordinates;
  const qualifiers = { classifier, type: type === 'jar' ? undefined : type };
  return formatPurl({ type: 'maven', namespace: groupId, name: artifactId, version, qualifiers });
}

export function mavenPackage(coordinates: ArtifactCoordinates, parts: Partial<Package>): Package {
  const { groupId, artifactId, version } = coordinates;
  const purl = mavenPurl(coordinates);
  return packageOf({
    name: groupId === '' ? artifactId : `${groupId}:${artifactId}`,
    version,
    type: 'maven',
    ...(purl === undefined ? {} : { purl }),
    ...parts,
  });
}

/** `group:artifact:version`, `group:artifact:type:version` or `group:artifact:type:classifier:version`; undefined for less. */
export function parseCoordinates(text: string): ArtifactCoordinates | undefined {
  const parts = text.split(':').map((part) => part.trim());
  const [groupId = '', artifactId = ''] = parts;
  if (groupId === '' || artifactId === '' || parts.length > 5) return undefined;
  return {
    groupId,
    artifactId,
    version: parts.length > 2 ? (parts.at(-1) ?? '') : '',
    type: parts.length > 3 ? parts[2] : undefined,
    classifier: parts.length > 4 ? parts[3] : undefined,
  };
}

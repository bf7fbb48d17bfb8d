// SPDX-License-Identifier: Apache-2.0
// One Maven project file (pom.xml, *.pom) as it is written: nothing inherited, no property replaced. POM 4.0.0 and 4.1.0:
// https://maven.apache.org/ref/current/maven-model/maven.html
import type { Location } from '../model/location.ts';
import type { Problem } from '../model/problem.ts';
import { syntaxProblem } from './text.ts';
import type { XmlElement } from './xml.ts';
import { childOf, childrenOf, childText, decodeXml, parseXml } from './xml.ts';

export interface PomModel {
  readonly path: string;
  readonly groupId: string | undefined;
  readonly artifactId: string | undefined;
  readonly version: string | undefined;
  readonly packaging: string;
  readonly name: string | undefined;
  readonly parent: PomParent | undefined;
  /** With those of the profiles that are active by default, which win. */
  readonly properties: ReadonlyMap<string, string>;
  /** With those of the profiles that are active by default. */
  readonly dependencies: readonly PomDependency[];
  readonly managed: readonly PomDependency[];
  readonly modules: readonly string[];
  readonly repositories: readonly PomRepository[];
  readonly licenses: readonly PomLicense[];
  readonly description: string | undefined;
  readonly url: string | undefined;
  readonly scm: string | undefined;
  readonly organization: string | undefined;
  /** Of the project's own artifactId. */
  readonly location: Location;
  readonly problems: readonly Problem[];
}

export interface PomParent {
  readonly groupId: string;
  readonly artifactId: string;
  readonly version: string;
  /** `../pom.xml` when the file says nothing; empty when it says that the parent is not in the tree. */
  readonly relativePath: string;
  readonly location: Location;
}

/** Absent fields are undefined: they may come from the dependency management. */
export interface PomDependency {
  readonly groupId: string;
  readonly artifactId: string;
  readonly version: string | undefined;
  readonly type: string;
  readonly classifier: string;
  readonly scope: string | undefined;
  readonly optional: string | undefined;
  readonly exclusions: readonly PomExclusion[];
  readonly location: Location;
}

export interface PomExclusion {
  readonly groupId: string;
  readonly artifactId: string;
}

export interface PomRepository {
  readonly id: string;
  readonly url: string;
}

export interface PomLicense {
  readonly name: string | undefined;
  readonly url: string | undefined;
}

/** Reads one project file. Never throws; a document that is no project gives an empty model and a problem. */
export function parsePom(bytes: Uint8Array, path: string): PomModel {
  const { text, problems: encoding } = decodeXml(bytes, path);
  const { root, problems: syntax } = parseXml(text, path);
  const problems = [...encoding, ...syntax];
  const project = root?.name === 'project' ? root : undefined;
  if (project === undefined && syntax.length === 0)
    problems.push(syntaxProblem(path, 'not a Maven project: no <project>'));
  const profiles = childrenOf(childOf(project, 'profiles'), 'profile').filter(isActiveByDefault);
  const parts = project === undefined ? [] : [project, ...profiles];
  return {
    path,
    groupId: childText(project, 'groupId'),
    artifactId: childText(project, 'artifactId'),
    version: childText(project, 'version'),
    packaging: childText(project, 'packaging') ?? 'jar',
    name: childText(project, 'name'),
    parent: readParent(childOf(project, 'parent'), path),
    properties: new Map(parts.flatMap((part) => readProperties(childOf(part, 'properties')))),
    dependencies: parts.flatMap((part) => readDependencies(part, path)),
    managed: parts.flatMap((part) => readDependencies(childOf(part, 'dependencyManagement'), path)),
    modules: parts.flatMap(readModules),
    repositories: parts.flatMap((part) =>
      childrenOf(childOf(part, 'repositories'), 'repository').map((item) => ({
        id: childText(item, 'id') ?? '',
        url: childText(item, 'url') ?? '',
      })),
    ),
    licenses: childrenOf(childOf(project, 'licenses'), 'license').map((item) => ({
      name: childText(item, 'name'),
      url: childText(item, 'url'),
    })),
    description: plainText(childText(project, 'description')),
    url: childText(project, 'url'),
    scm: childText(childOf(project, 'scm'), 'url') ?? childText(childOf(project, 'scm'), 'connection'),
    organization: childText(childOf(project, 'organization'), 'name'),
    location: { path, line: (childOf(project, 'artifactId') ?? project)?.line ?? 1 },
    problems,
  };
}

/** Descriptions are broken and indented as the file is. */
function plainText(text: string | undefined): string | undefined {
  return text
    ?.split('\n')
    .map((line) => line.trim())
    .join(' ')
    .trim();
}

/** What Maven compares when it decides whether two dependencies are the same: `group:artifact:type[:classifier]`. */
export function managementKey(
  dependency: Pick<PomDependency, 'groupId' | 'artifactId' | 'type' | 'classifier'>,
): string {
  const { groupId, artifactId, type, classifier } = dependency;
  return `${groupId}:${artifactId}:${type}${classifier === '' ? '' : `:${classifier}`}`;
}

function isActiveByDefault(profile: XmlElement): boolean {
  return childText(childOf(profile, 'activation'), 'activeByDefault')?.toLowerCase() === 'true';
}

function readParent(parent: XmlElement | undefined, path: string): PomParent | undefined {
  const artifactId = childText(parent, 'artifactId');
  if (parent === undefined || artifactId === undefined) return undefined;
  const relative = childOf(parent, 'relativePath');
  return {
    groupId: childText(parent, 'groupId') ?? '',
    artifactId,
    version: childText(parent, 'version') ?? '',
    relativePath: relative === undefined ? '../pom.xml' : relative.text.trim(),
    location: linesOf(parent, path),
  };
}

function readProperties(properties: XmlElement | undefined): [string, string][] {
  return properties?.children.map((item) => [item.name, item.text.trim()]) ?? [];
}

function readModules(part: XmlElement): string[] {
  const modules = childrenOf(childOf(part, 'modules'), 'module');
  const subprojects = childrenOf(childOf(part, 'subprojects'), 'subproject');
  return [...modules, ...subprojects].map((item) => item.text.trim()).filter((name) => name !== '');
}

function readDependencies(part: XmlElement | undefined, path: string): PomDependency[] {
  return childrenOf(childOf(part, 'dependencies'), 'dependency').map((item) => ({
    groupId: childText(item, 'groupId') ?? '',
    artifactId: childText(item, 'artifactId') ?? '',
    version: childText(item, 'version'),
    type: childText(item, 'type') ?? 'jar',
    classifier: childText(item, 'classifier') ?? '',
    scope: childText(item, 'scope'),
    optional: childText(item, 'optional'),
    exclusions: childrenOf(childOf(item, 'exclusions'), 'exclusion').map((exclusion) => ({
      groupId: childText(exclusion, 'groupId') ?? '*',
      artifactId: childText(exclusion, 'artifactId') ?? '*',
    })),
    location: linesOf(item, path),
  }));
}

function linesOf(element: XmlElement, path: string): Location {
  return { path, line: element.line, endLine: element.endLine };
}

// SPDX-License-Identifier: Apache-2.0
// pom.xml: the project, its direct dependencies, and what those need as far as their project files are in the tree. Nothing is
// fetched: a parent that is not in the tree is a problem, and hides findings when versions stand only there.
import type { Location } from '../../model/location.ts';
import type { Package, PackageFacts, Scope } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import type { SourceFile } from '../../sources/source.ts';
import { mavenPackage, mavenPurl } from '../package-facts/maven-coordinates.ts';
import type { MavenNode } from '../package-facts/maven-dependencies.ts';
import { resolveDependencies } from '../package-facts/maven-dependencies.ts';
import { mavenLicenses } from '../package-facts/maven-licenses.ts';
import { resolvePath } from '../package-facts/maven-lookup.ts';
import type { MavenProject } from '../package-facts/maven-project.ts';
import { mavenProjectOf } from '../package-facts/maven-project.ts';
import type { PomTree } from '../package-facts/maven-tree.ts';
import { isPublishedPath, pomCompanions, pomTreeOf } from '../package-facts/maven-tree.ts';
import { mergePackages } from '../package-facts/merge.ts';
import { strongerScope, withReach } from '../package-facts/reach.ts';
import type { CatalogResult, CompanionFiles } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const mavenPom = defineCataloger({
  id: 'maven-pom',
  title: 'pom.xml',
  ecosystems: ['maven'],
  kind: 'declared',
  files: ['**/pom.xml', '**/*.pom'],
  except: ['**/.m2/repository/**', '**/modules-2/files-2.1/**'],
  companions: pomCompanions,
  capabilities: {
    versions: 'declared',
    dependencies: 'transitive',
    scopes: true,
    licenses: true,
    digests: false,
    lines: true,
    gaps: [
      'parents, imports and dependencies whose project files are not in the tree (nothing is fetched)',
      'profiles that are not active by default',
      'which version of a range (`[1.0,2.0)`) a repository offers',
      'plug-ins and their dependencies',
    ],
  },
  parse: parseMavenPom,
});

function parseMavenPom(file: SourceFile, files: CompanionFiles): CatalogResult {
  const tree = pomTreeOf(files);
  if (file.path.endsWith('.pom') && isPublishedPath(file.path)) return { packages: [], problems: [] };
  const model = tree.modelOf(file);
  if (model.artifactId === undefined && model.dependencies.length === 0)
    return { packages: [], problems: model.problems };
  const project = mavenProjectOf(model, tree);
  const nodes = resolveDependencies(project, tree);
  const named = nodes.filter((node) => isName(node.dependency.groupId) && isName(node.dependency.artifactId));
  const byKey = new Map(named.map((node) => [node.key, node]));
  const modules = modulePackages(project, tree);
  const found = [...modules, ...named.map((node) => nodePackage(node, byKey))];
  const packages = withReach(mergePackages(found), directScopes(named));
  const root = rootPackage(project, [
    ...modules.map((item) => item.id),
    ...named.filter((node) => node.isDirect).map(idOf),
  ]);
  const all = root === undefined ? packages : [root, ...packages];
  return {
    packages: isIntegrationTest(file.path) ? all.map(asTest) : all,
    problems: [...model.problems, ...problemsOf(project, nodes)],
  };
}

function rootPackage(project: MavenProject, dependsOn: readonly string[]): Package | undefined {
  const { model } = project;
  const { groupId, artifactId, version } = project.coordinates;
  if (!isName(artifactId)) return undefined;
  const isComplete = isName(groupId) && isName(version);
  const purl = isComplete ? mavenPurl({ groupId, artifactId, version }) : undefined;
  const { description, url, scm, organization } = model;
  const facts: PackageFacts = {
    ...(description === undefined ? {} : { description }),
    ...(url === undefined ? {} : { homepage: project.replace(url) }),
    ...(scm === undefined ? {} : { repository: project.replace(scm) }),
    ...(organization === undefined ? {} : { supplier: project.replace(organization) }),
  };
  return packageOf({
    name: groupId === '' ? artifactId : `${groupId}:${artifactId}`,
    version: isName(version) ? version : '',
    type: 'maven',
    ...(purl === undefined ? {} : { purl }),
    relationship: 'root',
    locations: [model.location],
    licenses: mavenLicenses(project),
    dependsOn: [...new Set(dependsOn)],
    ...(Object.keys(facts).length === 0 ? {} : { facts }),
  });
}

/** The projects that an aggregator builds; each has a list of its own, from its own file. */
function modulePackages(project: MavenProject, tree: PomTree): Package[] {
  const folder = project.model.path.slice(0, Math.max(0, project.model.path.lastIndexOf('/')));
  return project.model.modules.flatMap((name) => {
    const path = resolvePath(folder, project.replace(name));
    if (path === undefined) return [];
    const model = path.endsWith('.xml') ? tree.at(path) : tree.at(path === '' ? 'pom.xml' : `${path}/pom.xml`);
    if (model === undefined || model === project.model) return [];
    const member = mavenProjectOf(model, tree);
    const { groupId, artifactId, version } = member.coordinates;
    if (!isName(groupId) || !isName(artifactId) || !isName(version)) return [];
    const parts = { locations: [model.location], licenses: mavenLicenses(member), relationship: 'workspace' } as const;
    return [mavenPackage({ groupId, artifactId, version }, parts)];
  });
}

function nodePackage(node: MavenNode, byKey: ReadonlyMap<string, MavenNode>): Package {
  const { groupId, artifactId, type, classifier, version: wanted, scope, isOptional, location } = node.dependency;
  const other = {
    ...(type === 'jar' ? {} : { type }),
    ...(classifier === '' ? {} : { classifier }),
    ...(isOptional ? { optional: 'true' } : {}),
  };
  const facts: PackageFacts = {
    ...(scope === 'compile' || scope === '' ? {} : { groups: [scope] }),
    ...(Object.keys(other).length === 0 ? {} : { other }),
  };
  const dependsOn = [...node.children].map((key) => byKey.get(key)).filter((item) => item !== undefined);
  return mavenPackage(
    { groupId, artifactId, version: node.version, type, classifier },
    {
      relationship: node.isWorkspace ? 'workspace' : node.isDirect ? 'direct' : 'indirect',
      scope: scopeOf(scope),
      locations: [location],
      licenses: node.project === undefined ? [] : mavenLicenses(node.project),
      dependsOn: [...new Set(dependsOn.map(idOf))],
      ...(wanted === node.version || wanted === '' ? {} : { constraint: wanted }),
      ...(Object.keys(facts).length === 0 ? {} : { facts }),
    },
  );
}

function directScopes(nodes: readonly MavenNode[]): Map<string, Scope> {
  const scopes = new Map<string, Scope>();
  for (const node of nodes) {
    if (!node.isDirect) continue;
    const scope = scopeOf(node.dependency.scope);
    scopes.set(idOf(node), strongerScope(scope, scopes.get(idOf(node)) ?? scope));
  }
  return scopes;
}

/** `provided`: the container brings it, so that it is there at run time without being packed. */
function scopeOf(scope: string): Scope {
  if (scope === 'test') return 'test';
  return scope === 'provided' ? 'peer' : 'runtime';
}

function idOf(node: MavenNode): string {
  const name = `${node.dependency.groupId}:${node.dependency.artifactId}`;
  return node.version === '' ? name : `${name}@${node.version}`;
}

function isName(text: string): boolean {
  return text !== '' && !text.includes('${');
}

/** Projects that the Maven Invoker plug-in builds as tests of this one (src/it); matches Trivy, which marks them as development. */
function isIntegrationTest(path: string): boolean {
  return /(?:^|\/)src\/it\/[^/]+\/pom\.xml$/.test(path);
}

function asTest(item: Package): Package {
  return { ...item, scope: 'test' };
}

function problemsOf(project: MavenProject, nodes: readonly MavenNode[]): Problem[] {
  const direct = nodes.filter((node) => node.isDirect);
  const nameless = direct.filter((node) => !isName(node.dependency.groupId) || !isName(node.dependency.artifactId));
  const lost = direct.filter((node) => node.version === '' && !nameless.includes(node));
  const problems = nameless.map((node) =>
    unresolved(`dependency ${nameOf(node)} has no complete name; left out`, node.dependency.location, true),
  );
  const repositories = project.repositories.filter((id) => id !== '');
  const from = repositories.length === 0 ? '' : `; the project gets it from ${repositories.slice(0, 5).join(', ')}`;
  for (const missing of project.missing) {
    const name = [missing.groupId, missing.artifactId, missing.version].map((part) => project.replace(part)).join(':');
    const what = missing.role === 'parent' ? 'parent' : 'imported dependency management';
    const message = `${what} ${name} is not in the tree${from}`;
    problems.push(unresolved(message, missing.location, lost.length > 0));
  }
  for (const node of lost) {
    const reason =
      node.dependency.version === '' ? 'no version' : `no version in ${JSON.stringify(node.dependency.version)}`;
    problems.push(unresolved(`dependency ${nameOf(node)} has ${reason}`, node.dependency.location, true));
  }
  return problems;
}

function nameOf(node: MavenNode): string {
  return `${node.dependency.groupId}:${node.dependency.artifactId}`;
}

function unresolved(message: string, location: Location, hidesFindings: boolean): Problem {
  return { kind: 'unresolved', message, location, hidesFindings };
}

// SPDX-License-Identifier: Apache-2.0
// Finds Maven project files: the parent of one, and the one with given coordinates.
import type { PomModel, PomParent } from '../../formats/maven-pom.ts';
import type { MavenCoordinates } from './maven-coordinates.ts';
import type { PomTree } from './maven-tree.ts';

/** The parent's file: at its relative path when the coordinates there fit, else wherever the tree has it. */
export function findParent(model: PomModel, parent: PomParent, tree: PomTree): PomModel | undefined {
  const beside = (): PomModel | undefined => {
    const found = parent.relativePath === '' ? undefined : relativeModel(model.path, parent.relativePath, tree);
    return found !== undefined && isSameProject(found, parent) ? found : undefined;
  };
  // In a local repository the relative path means something only where somebody copied a whole project.
  return model.path.endsWith('.pom') ? (findModel(parent, tree) ?? beside()) : (beside() ?? findModel(parent, tree));
}

/** The project with these coordinates: one of the tree, else one of a local repository. */
export function findModel(wanted: MavenCoordinates, tree: PomTree): PomModel | undefined {
  const candidates = tree.projects(wanted.groupId, wanted.artifactId);
  const exact = candidates.find((model) => (model.version ?? model.parent?.version) === wanted.version);
  if (exact !== undefined) return exact;
  // `${revision}`: the version stands in a property, which every project of the build shares.
  const open = candidates.find((model) => (model.version ?? model.parent?.version ?? '').includes('${'));
  if (open !== undefined && (wanted.version.includes('${') || versionsOf(open).includes(wanted.version))) return open;
  return tree.published(wanted.groupId, wanted.artifactId, wanted.version);
}

/** Values a version written as one property of the same file can have. */
function versionsOf(model: PomModel): string[] {
  const text = model.version ?? '';
  return [text.replace(/\$\{([^${}]{1,200})\}/g, (whole, name: string) => model.properties.get(name) ?? whole)];
}

function relativeModel(from: string, relative: string, tree: PomTree): PomModel | undefined {
  const path = resolvePath(from.slice(0, Math.max(0, from.lastIndexOf('/'))), relative);
  if (path === undefined) return undefined;
  const folder = path === '' ? '' : `${path}/`;
  return (path.endsWith('.xml') || path.endsWith('.pom') ? tree.at(path) : undefined) ?? tree.at(`${folder}pom.xml`);
}

/** Joins a folder of the tree and a relative path; undefined when it leaves the tree. */
export function resolvePath(folder: string, relative: string): string | undefined {
  const segments = folder === '' ? [] : folder.split('/');
  for (const segment of relative.replaceAll('\\', '/').split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') segments.push(segment);
    else if (segments.pop() === undefined) return undefined;
  }
  return segments.join('/');
}

/** Versions are compared only when both are literal: CI builds write `${revision}` on either side. */
function isSameProject(model: PomModel, parent: PomParent): boolean {
  if (model.artifactId !== parent.artifactId) return false;
  const groupId = model.groupId ?? model.parent?.groupId ?? '';
  if (groupId !== parent.groupId && !groupId.includes('${') && !parent.groupId.includes('${')) return false;
  const version = model.version ?? model.parent?.version ?? '';
  return version === parent.version || version.includes('${') || /[${[(]/.test(parent.version);
}

// SPDX-License-Identifier: Apache-2.0
// The projects that a JavaScript lock file serves, from the package.json files beside it: the root and its workspaces, with what each
// asks for itself.
import type { JsonObject } from '../../formats/document.ts';
import { asString, entriesOf } from '../../formats/document.ts';
import type { Scope } from '../../model/package.ts';
import type { SourceFile } from '../../sources/source.ts';
import { manifestIn, pathIn, workspaceFolders, workspacePatterns } from './node-companions.ts';
import { npmLicenses } from './npm.ts';

/** Structurally the read access that catalogers are given. */
interface Files {
  get(path: string): SourceFile | undefined;
  match(glob: string): readonly string[];
}

export interface NodeNeed {
  /** The list of the package.json that it stands in. */
  readonly field: string;
  readonly name: string;
  readonly range: string;
  readonly scope: Scope;
}

export interface NodeProject {
  /** Relative to the target; empty for its root. */
  readonly folder: string;
  readonly manifestPath: string;
  readonly isRoot: boolean;
  readonly name: string;
  readonly version: string;
  readonly licenses: readonly string[];
  readonly needs: readonly NodeNeed[];
}

/** Lists of a package.json in the order in which the stronger need comes first. */
const needLists: readonly (readonly [field: string, scope: Scope])[] = [
  ['dependencies', 'runtime'],
  ['optionalDependencies', 'optional'],
  ['peerDependencies', 'peer'],
  ['devDependencies', 'development'],
];

/** The project in `folder` and its workspaces; none when there is no readable package.json. */
export function nodeProjects(folder: string, tree: Files): readonly NodeProject[] {
  const manifest = manifestIn(folder, tree);
  if (manifest === undefined) return [];
  const members = workspaceFolders(folder, workspacePatterns(manifest), tree);
  const projects = [projectOf(folder, manifest, 'root')];
  for (const member of members) {
    const inner = manifestIn(member, tree);
    if (inner !== undefined) projects.push(projectOf(member, inner, 'workspace'));
  }
  return projects;
}

/** One project as its package.json describes it. */
export function projectOf(folder: string, manifest: JsonObject, kind: 'root' | 'workspace'): NodeProject {
  return {
    folder,
    manifestPath: pathIn(folder, 'package.json'),
    isRoot: kind === 'root',
    name: asString(manifest['name']) ?? '',
    version: asString(manifest['version']) ?? '',
    licenses: npmLicenses(manifest),
    needs: needsOf(manifest),
  };
}

/** What a package.json asks for; a name in several lists has the strongest of their scopes. */
export function needsOf(manifest: JsonObject): NodeNeed[] {
  const needs = new Map<string, NodeNeed>();
  for (const [field, scope] of needLists) {
    for (const [name, range] of entriesOf(manifest[field])) {
      // npm documentation: an entry of optionalDependencies overrides one of the same name in dependencies.
      if (!needs.has(name) || scope === 'optional')
        needs.set(name, { field, name, range: asString(range) ?? '', scope });
    }
  }
  return [...needs.values()];
}

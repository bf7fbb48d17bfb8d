// SPDX-License-Identifier: Apache-2.0
// All Maven project files of one target, each parsed once: pom.xml of the tree by path and by coordinates, and *.pom files of local
// repositories (the layouts of Maven and of Gradle's cache) by coordinates. What they mean together: maven-project.ts.
import type { PomModel } from '../../formats/maven-pom.ts';
import { parsePom } from '../../formats/maven-pom.ts';
import type { MavenSettings } from '../../formats/maven-settings.ts';
import { mergeMavenSettings, parseMavenSettings } from '../../formats/maven-settings.ts';
import type { SourceFile } from '../../sources/source.ts';
import type { CompanionFiles } from '../packages/cataloger.ts';

/** Globs of what a PomTree looks at; catalogers that use one name them as companions. */
export const pomCompanions: readonly string[] = [
  '**/pom.xml',
  '**/*.pom',
  '**/.m2/settings.xml',
  '**/.mvn/settings.xml',
];

/** One per run: the companion files of a run are one object. */
const trees = new WeakMap<CompanionFiles, PomTree>();

export function pomTreeOf(files: CompanionFiles): PomTree {
  let tree = trees.get(files);
  if (tree === undefined) {
    tree = new PomTree(files);
    trees.set(files, tree);
  }
  return tree;
}

export class PomTree {
  readonly #files: CompanionFiles;
  readonly #models = new Map<string, { readonly bytes: Uint8Array; readonly model: PomModel }>();
  #settings: MavenSettings | undefined;
  /** pom.xml of the tree by `group:artifact`. */
  #projects: Map<string, PomModel[]> | undefined;
  /** Paths of *.pom by `artifact:version`, sorted. */
  #published: Map<string, string[]> | undefined;

  constructor(files: CompanionFiles) {
    this.#files = files;
  }

  /** The model of a file that is at hand. */
  modelOf(file: SourceFile): PomModel {
    const known = this.#models.get(file.path);
    if (known !== undefined && known.bytes === file.bytes) return known.model;
    const model = parsePom(file.bytes, file.path);
    this.#models.set(file.path, { bytes: file.bytes, model });
    return model;
  }

  /** The model at a path of the tree; undefined when there is no such file. */
  at(path: string): PomModel | undefined {
    const file = this.#files.get(path);
    return file === undefined ? undefined : this.modelOf(file);
  }

  /** pom.xml files with these coordinates (group and version may be inherited), in path order. */
  projects(groupId: string, artifactId: string): readonly PomModel[] {
    this.#projects ??= this.#indexProjects();
    return this.#projects.get(`${groupId}:${artifactId}`) ?? [];
  }

  /** The *.pom of a published artifact, from a local repository in the tree. */
  published(groupId: string, artifactId: string, version: string): PomModel | undefined {
    this.#published ??= indexPublished(this.#files.match('**/*.pom'));
    const paths = this.#published.get(`${artifactId}:${version}`) ?? [];
    const fitting = paths.filter((path) => isIn(path, groupId, artifactId, version));
    const exact = fitting.find((path) => path.endsWith(`/${artifactId}-${version}.pom`));
    // A snapshot is stored under its time stamp; the last one in order is the newest.
    const path = exact ?? fitting.at(-1);
    return path === undefined ? undefined : this.at(path);
  }

  /** Settings that lie in the tree, the first file in path order over the others. Undefined when there are none. */
  get settings(): MavenSettings | undefined {
    if (this.#settings !== undefined) return this.#settings;
    const paths = [...this.#files.match('**/.m2/settings.xml'), ...this.#files.match('**/.mvn/settings.xml')];
    for (const path of paths) {
      const file = this.#files.get(path);
      if (file === undefined) continue;
      const { settings } = parseMavenSettings(file.bytes, path, {});
      this.#settings = this.#settings === undefined ? settings : mergeMavenSettings(this.#settings, settings);
    }
    return this.#settings;
  }

  #indexProjects(): Map<string, PomModel[]> {
    const index = new Map<string, PomModel[]>();
    for (const path of this.#files.match('**/pom.xml')) {
      const model = this.at(path);
      if (model?.artifactId === undefined) continue;
      const key = `${model.groupId ?? model.parent?.groupId ?? ''}:${model.artifactId}`;
      const list = index.get(key);
      if (list === undefined) index.set(key, [model]);
      else list.push(model);
    }
    return index;
  }
}

/** true for a *.pom that lies where a local repository would have it: what it needs belongs to no project of the tree. */
export function isPublishedPath(path: string): boolean {
  const segments = path.split('/');
  const name = segments.at(-1) ?? '';
  return [3, 4].some((from) => {
    const version = segments.at(1 - from)?.replace(/-SNAPSHOT$/, '') ?? '';
    return segments.at(-from) !== undefined && version !== '' && name.startsWith(`${segments.at(-from)}-${version}`);
  });
}

/** `.../<group as folders>/<artifact>/<version>/<file>` or, in Gradle's cache, `.../<group>/<artifact>/<version>/<sha1>/<file>`. */
function indexPublished(paths: readonly string[]): Map<string, string[]> {
  const index = new Map<string, string[]>();
  for (const path of paths) {
    const segments = path.split('/');
    for (const from of [3, 4]) {
      const artifactId = segments.at(-from);
      const version = segments.at(1 - from);
      if (artifactId === undefined || version === undefined || !segments.at(-1)?.startsWith(`${artifactId}-`)) continue;
      const key = `${artifactId}:${version}`;
      const list = index.get(key);
      if (list === undefined) index.set(key, [path]);
      else list.push(path);
    }
  }
  return index;
}

function isIn(path: string, groupId: string, artifactId: string, version: string): boolean {
  const folder = `/${path.slice(0, path.lastIndexOf('/'))}`;
  const asFolders = `/${groupId.replaceAll('.', '/')}/${artifactId}/${version}`;
  const withSum = folder.slice(0, folder.lastIndexOf('/'));
  return folder.endsWith(asFolders) || withSum.endsWith(`/${groupId}/${artifactId}/${version}`);
}

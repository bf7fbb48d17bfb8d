// SPDX-License-Identifier: Apache-2.0
// Entries of a yarn.lock with what their patterns and locators say (name behind an alias, place, workspace folder), found by need.
import type { YarnEntry, YarnLockFile } from '../../formats/yarn-lock.ts';
import { splitPattern } from '../../formats/yarn-lock.ts';
import { pathIn } from './node-companions.ts';
import type { NodeProject } from './node-projects.ts';
import { fetchFacts, nameInArchiveUrl } from './npm.ts';

export interface YarnContext {
  /** Folder of the lock file. */
  readonly folder: string;
  readonly projects: readonly NodeProject[];
}

export interface ResolvedEntry {
  readonly entry: YarnEntry;
  readonly id: string;
  readonly name: string;
  readonly version: string;
  /** Address or locator without the name: `npm:1.0.0`, `https://...`, `workspace:packages/a`. */
  readonly reference: string;
  /** Folder of a berry workspace relative to the target. */
  readonly workspace: string | undefined;
}

/** All entries of one lock file. */
export class YarnEntries {
  readonly all: readonly ResolvedEntry[];
  readonly #byPattern = new Map<string, ResolvedEntry>();
  /** The only entry of a name; undefined where there are several. */
  readonly #soleOf = new Map<string, ResolvedEntry | undefined>();
  readonly #workspaceNamed = new Map<string, ResolvedEntry>();
  readonly #byWorkspace = new Map<string, ResolvedEntry>();

  constructor(lock: YarnLockFile, context: YarnContext) {
    const projects = new Map(context.projects.map((project) => [project.folder, project]));
    this.all = withIds(
      lock.entries.map((entry) => resolveEntry(entry, lock.form, { folder: context.folder, projects })),
    );
    for (const item of this.all) {
      if (item.workspace !== undefined) this.#byWorkspace.set(item.workspace, item);
      for (const pattern of item.entry.patterns) {
        const { name } = splitPattern(pattern);
        this.#byPattern.set(pattern, item);
        const sole = this.#soleOf.has(name) ? this.#soleOf.get(name) : item;
        this.#soleOf.set(name, sole === item ? item : undefined);
        if (item.workspace !== undefined) this.#workspaceNamed.set(name, item);
      }
    }
  }

  /** What a name and range lead to. Overrides (`resolutions`) change the range, so that a sole entry of the name is taken as well. */
  find(need: { readonly name: string; readonly range: string }): ResolvedEntry | undefined {
    const { name, range } = need;
    return (
      this.#byPattern.get(`${name}@${range}`) ??
      this.#byPattern.get(`${name}@npm:${range}`) ??
      (range === '' ? this.#byPattern.get(name) : undefined) ??
      this.#soleOf.get(name) ??
      (range.startsWith('workspace:') ? this.#workspaceNamed.get(name) : undefined)
    );
  }

  /** Whether some entry is asked for by this name, in whatever range. */
  knows(name: string): boolean {
    return this.#soleOf.has(name);
  }

  /** The entry of a berry workspace in that folder of the target. */
  workspaceIn(folder: string): ResolvedEntry | undefined {
    return this.#byWorkspace.get(folder);
  }
}

interface Places {
  readonly folder: string;
  readonly projects: ReadonlyMap<string, NodeProject>;
}

/** `npm:real-name@^1.0.0` or `npm:real-name`, in contrast to `npm:^1.0.0`. */
function aliasTarget(range: string): string | undefined {
  if (!range.startsWith('npm:')) return undefined;
  const { name } = splitPattern(range.slice('npm:'.length));
  return /^[0-9^~<>=*]/.test(name) ? undefined : name;
}

function resolveEntry(entry: YarnEntry, form: YarnLockFile['form'], places: Places): ResolvedEntry {
  const first = splitPattern(entry.patterns[0] ?? '');
  const base = { entry, id: '', version: entry.version, workspace: undefined };
  if (form === 'classic') {
    const name = aliasTarget(first.range) ?? nameInArchiveUrl(entry.resolved) ?? first.name;
    return { ...base, name, reference: entry.resolved || first.range };
  }
  const locator = splitPattern(entry.resolved);
  if (!locator.range.startsWith('workspace:'))
    return { ...base, name: locator.name || first.name, reference: locator.range };
  const inner = locator.range.slice('workspace:'.length).replace(/^\.$/, '');
  const workspace = inner === '' ? places.folder : pathIn(places.folder, inner);
  const project = places.projects.get(workspace);
  // yarn writes `0.0.0-use.local` for workspaces; the manifest tells the version.
  const name = project?.name || first.name;
  return { ...base, name, reference: locator.range, workspace, version: project?.version || entry.version };
}

/** `name@version`, with the commit where one version comes from several places of version control. */
function withIds(items: readonly ResolvedEntry[]): ResolvedEntry[] {
  const commits = new Map<string, string>();
  return items.map((item) => {
    const plain = item.version === '' ? item.name : `${item.name}@${item.version}`;
    const commit = fetchFacts(item.reference)?.commit ?? '';
    const before = commits.get(plain);
    if (before === undefined) commits.set(plain, commit);
    return { ...item, id: before === undefined || before === commit ? plain : `${plain}#${commit || 'registry'}` };
  });
}

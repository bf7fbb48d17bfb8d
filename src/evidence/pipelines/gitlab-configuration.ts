// SPDX-License-Identifier: Apache-2.0
// The configuration GitLab would see: a .gitlab-ci.yml with its local includes merged, jobs with what they extend, references replaced. Includes of other
// places are kept as names. https://docs.gitlab.com/ci/yaml/ (include, extends, !reference, default, inherit)
import { compileGlob } from '../../formats/glob.ts';
import type { Location } from '../../model/location.ts';
import type { Problem } from '../../model/problem.ts';
import type { FileTree } from './ci-system.ts';
import { normalizePath, pathInRepository } from './ci-system.ts';
import type { ComponentUse, PlacedText } from './pipeline.ts';
import type { PlacedObject, PlacedValue } from './placed-value.ts';
import { itemsOf, memberOf, membersOf, readPlacedYaml, textOf, textsOf } from './placed-value.ts';

export interface GitlabConfiguration {
  readonly root: PlacedObject;
  readonly includes: readonly ComponentUse[];
  /** Paths of all files that went in, the first included. */
  readonly files: readonly string[];
  readonly problems: readonly Problem[];
}

/** GitLab refuses more: https://docs.gitlab.com/administration/settings/continuous_integration/#maximum-includes */
const mostIncludes = 150;
const deepestExtends = 12;
const deepestReferences = 10;

export function readGitlabConfiguration(path: string, text: string, tree: FileTree): GitlabConfiguration {
  const reader = new ConfigurationReader(tree, path.slice(0, path.lastIndexOf('/') + 1));
  const root = reader.file(path, text);
  return { root, includes: reader.includes, files: [...reader.seen], problems: reader.problems };
}

class ConfigurationReader {
  readonly #tree: FileTree;
  /** Folder of the first file: where the repository begins when the target holds several. */
  readonly #base: string;
  readonly includes: ComponentUse[] = [];
  readonly problems: Problem[] = [];
  readonly seen = new Set<string>();

  constructor(tree: FileTree, base: string) {
    this.#tree = tree;
    this.#base = base;
  }

  /** Included files first, so that what includes them wins. A file counts once, which also ends every cycle. */
  file(path: string, text: string): PlacedObject {
    this.seen.add(path);
    const { documents, problems } = readPlacedYaml(text, path);
    this.problems.push(...problems);
    let own: PlacedObject = { kind: 'object', members: new Map(), location: { path, line: 1 } };
    // The first document may be a header (`spec:`) of a component.
    for (const document of documents)
      if (document.kind === 'object') own = { ...merge(own, document), location: { path, line: 1 } };
    let merged: PlacedObject = { kind: 'object', members: new Map(), location: own.location };
    for (const item of itemsOf(memberOf(own, 'include')))
      for (const part of this.#include(item)) merged = merge(merged, part);
    return { ...merge(merged, own), location: own.location };
  }

  #include(item: PlacedValue): PlacedObject[] {
    const { location } = item;
    const short = textOf(item);
    if (short !== undefined)
      return /^https?:\/\//.test(short)
        ? this.#foreign('remote', { url: short }, location)
        : this.#local(short, location);
    const local = textOf(memberOf(item, 'local'));
    if (local !== undefined) return this.#local(local, location);
    const remote = textOf(memberOf(item, 'remote'));
    if (remote !== undefined)
      return this.#foreign('remote', { url: remote, integrity: textOf(memberOf(item, 'integrity')) }, location);
    const template = textOf(memberOf(item, 'template'));
    if (template !== undefined) return this.#foreign('template', { file: template }, location);
    const component = textOf(memberOf(item, 'component'));
    if (component !== undefined) return this.#foreign('component', { component }, location);
    const project = textOf(memberOf(item, 'project'));
    if (project === undefined) return [];
    const ref = textOf(memberOf(item, 'ref'));
    for (const file of textsOf(memberOf(item, 'file'))) this.#foreign('project', { project, file, ref }, location);
    return [];
  }

  #foreign(kind: string, parts: Readonly<Record<string, string | undefined>>, location: Location): [] {
    const facts: Record<string, string> = { include: kind };
    for (const [key, value] of Object.entries(parts)) if (value !== undefined) facts[key] = value;
    const [componentName, componentVersion] = splitVersion(parts['component'] ?? '');
    const name = parts['url'] ?? parts['file'] ?? '';
    const version = kind === 'component' ? componentVersion : (parts['ref'] ?? parts['integrity']);
    this.includes.push({
      kind: kind === 'component' ? 'component' : kind === 'template' ? 'template' : 'include',
      text: kind === 'project' ? `${parts['project']}:${parts['file']}` : (parts['component'] ?? name),
      name: kind === 'component' ? componentName : kind === 'project' ? (parts['project'] ?? '') : name,
      ...(version === undefined ? {} : { version }),
      isLocal: false,
      inputs: new Map<string, PlacedText>(),
      location,
      facts,
    });
    return [];
  }

  #local(written: string, location: Location): PlacedObject[] {
    const paths = written.includes('*') ? this.#matching(written) : [pathInRepository(this.#tree, this.#base, written)];
    if (paths.length === 0) this.#unresolved(written, location);
    return paths.flatMap((path) => {
      const text = this.#tree.textAt(path);
      if (this.seen.has(path)) return [];
      if (text === undefined) {
        this.#unresolved(written, location);
        return [];
      }
      if (this.seen.size >= mostIncludes) {
        this.problems.push({
          kind: 'limit',
          message: `more than ${mostIncludes} included files; the rest was not read`,
          location,
          hidesFindings: true,
        });
        return [];
      }
      this.includes.push({
        kind: 'include',
        text: written,
        name: path,
        isLocal: true,
        resolved: path,
        inputs: new Map<string, PlacedText>(),
        location,
        facts: { include: 'local', file: path },
      });
      return [this.file(path, text)];
    });
  }

  #matching(written: string): readonly string[] {
    const own = this.#tree.paths.filter(compileSafely(normalizePath(`${this.#base}${written}`)));
    return (own.length > 0 ? own : this.#tree.paths.filter(compileSafely(normalizePath(written)))).toSorted();
  }

  #unresolved(written: string, location: Location): void {
    const message = /[$]/.test(written)
      ? `the include ${written} has variables; what it names was not read`
      : `the included file ${written} is not in the tree`;
    this.problems.push({ kind: 'unresolved', message, location, hidesFindings: true });
  }
}

/** Wildcards of includes come from scanned files: only `*` and `**` mean something. */
function compileSafely(glob: string): (path: string) => boolean {
  if (glob.length > 300 || (glob.match(/\*/g)?.length ?? 0) > 4) return () => false;
  return compileGlob(glob.replace(/[?{}[\],!]/g, '?'));
}

function splitVersion(text: string): readonly [name: string, version: string | undefined] {
  const at = text.lastIndexOf('@');
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/** Deep merge of hashes; anything else of `over` replaces what is below it. */
export function merge(below: PlacedObject, over: PlacedObject): PlacedObject {
  const members = new Map(below.members);
  for (const [key, value] of over.members) {
    const old = members.get(key);
    members.set(key, old?.kind === 'object' && value.kind === 'object' ? merge(old, value) : value);
  }
  return { kind: 'object', members, location: over.location };
}

/** Jobs of a configuration with what they extend and the defaults they inherit; keywords that are no jobs are left out. */
export class GitlabJobs {
  readonly #root: PlacedObject;
  readonly problems: Problem[] = [];
  readonly #done = new Map<string, PlacedObject>();
  /** What was extended once is not extended again: parents that share parents would multiply. */
  readonly #extended = new Map<string, PlacedObject>();

  constructor(root: PlacedObject) {
    this.#root = root;
  }

  names(): readonly string[] {
    return membersOf(this.#root).flatMap(([name, value]) =>
      value.kind === 'object' && !globalKeywords.has(name) ? [name] : [],
    );
  }

  job(name: string): PlacedObject | undefined {
    const own = memberOf(this.#root, name);
    if (own?.kind !== 'object') return undefined;
    const known = this.#done.get(name);
    if (known !== undefined) return known;
    const extended = this.#extend(own, [name]);
    const full = this.#withDefaults(extended);
    this.#done.set(name, full);
    return full;
  }

  #extend(job: PlacedObject, trail: readonly string[]): PlacedObject {
    let base: PlacedObject = { kind: 'object', members: new Map(), location: job.location };
    for (const parent of textsOf(memberOf(job, 'extends'))) {
      const value = memberOf(this.#root, parent);
      if (trail.includes(parent) || trail.length > deepestExtends) {
        const kind = trail.includes(parent) ? 'cycle' : 'limit';
        const message =
          kind === 'cycle'
            ? `${[...trail, parent].join(' extends ')}, which is a circle`
            : `more than ${deepestExtends} jobs extend each other`;
        this.problems.push({ kind, message, location: job.location, hidesFindings: true });
      } else if (value?.kind === 'object') {
        const known = this.#extended.get(parent) ?? this.#extend(value, [...trail, parent]);
        this.#extended.set(parent, known);
        base = merge(base, known);
      }
    }
    return { ...merge(base, job), location: job.location };
  }

  #withDefaults(job: PlacedObject): PlacedObject {
    const inherit = memberOf(memberOf(job, 'inherit'), 'default');
    if (textOf(inherit) === 'false') return job;
    const wanted = inherit?.kind === 'list' ? new Set(textsOf(inherit)) : undefined;
    const members = new Map(job.members);
    for (const key of inheritable) {
      if (members.has(key) || (wanted !== undefined && !wanted.has(key))) continue;
      const value =
        memberOf(memberOf(this.#root, 'default'), key) ??
        (globalDefaults.has(key) ? memberOf(this.#root, key) : undefined);
      if (value !== undefined) members.set(key, value);
    }
    return { kind: 'object', members, location: job.location };
  }

  /** Items of a list with nested lists and references taken apart. */
  items(value: PlacedValue | undefined, depth = 0): readonly PlacedValue[] {
    if (value === undefined || depth > deepestReferences) return [];
    if (value.kind === 'reference') return this.items(this.#referenced(value.path), depth + 1);
    if (value.kind === 'list') return value.items.flatMap((item) => this.items(item, depth + 1));
    return value.kind === 'scalar' && value.text === undefined ? [] : [value];
  }

  #referenced(path: readonly string[]): PlacedValue | undefined {
    const [first = '', ...rest] = path;
    let value: PlacedValue | undefined = this.job(first) ?? memberOf(this.#root, first);
    for (const key of rest) value = memberOf(value, key);
    return value;
  }
}

const globalKeywords: ReadonlySet<string> = new Set([
  'default',
  'include',
  'stages',
  'variables',
  'workflow',
  'spec',
  'image',
  'services',
  'cache',
  'before_script',
  'after_script',
  'types',
]);
const inheritable = [
  'image',
  'services',
  'cache',
  'before_script',
  'after_script',
  'artifacts',
  'tags',
  'id_tokens',
  'hooks',
  'interruptible',
  'retry',
  'timeout',
  'identity',
] as const;
/** Those that may also stand at the top, without `default:`. */
const globalDefaults: ReadonlySet<string> = new Set(['image', 'services', 'cache', 'before_script', 'after_script']);

// SPDX-License-Identifier: Apache-2.0
// What an SPDX document is written from, and the parts that are the same in 2.3 and 3.0.1: ids, places, actors, edges. Ids come from content
// only, so that the same input gives the same bytes.
import { hash } from 'node:crypto';
import { canonicalJson } from '../../model/canonical-json.ts';
import type { Package, PackageList, Scope } from '../../model/package.ts';

export interface SpdxContent {
  readonly target: { readonly kind: string; readonly name: string; readonly version: string };
  readonly tool: { readonly name: string; readonly version: string };
  /** RFC 3339. */
  readonly createdAt: string;
  readonly lists: readonly PackageList[];
}

/** `2026-01-02T03:04:05Z`: SPDX has no fractions of a second and no offsets. */
export function spdxTime(time: string): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? time : date.toISOString().replace(/\.\d{3}Z$/, 'Z');
}

/** An address that nobody else uses: the place the SPDX project keeps for it, the name, and an id of the content (UUID version 8). */
export function documentNamespace(content: SpdxContent): string {
  const { target, tool, createdAt, lists } = content;
  const digest = hash('sha256', canonicalJson({ target, tool, createdAt: spdxTime(createdAt), lists }));
  const uuid = [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `8${digest.slice(13, 16)}`,
    `${'89ab'.charAt(Number.parseInt(digest.charAt(16), 16) % 4)}${digest.slice(17, 20)}`,
    digest.slice(20, 32),
  ].join('-');
  return `https://spdx.org/spdxdocs/${idPart(target.name)}-${uuid}`;
}

const maxIdPart = 80;

/** The characters that ids may hold (clause 3.2.4 and others): letters, digits, dot and hyphen. */
export function idPart(text: string): string {
  const part = text
    .replace(/[^A-Za-z0-9.-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, maxIdPart);
  return part === '' ? 'unnamed' : part;
}

/** Ids of the packages of each list: readable, then the first half of a hash that tells packages of the same name apart. */
export function packageIds(list: PackageList): ReadonlyMap<string, string> {
  return new Map(
    list.packages.map((item) => {
      const digest = hash('sha256', `${list.cataloger}\n${list.path}\n${item.id}`).slice(0, 16);
      return [item.id, `Package-${item.type}-${idPart(item.name)}-${digest}`];
    }),
  );
}

/** Id of what groups the packages of a list: an operating system, or the file they come from. */
export function groupId(list: PackageList): string {
  const digest = hash('sha256', `${list.cataloger}\n${list.path}`).slice(0, 16);
  return isSystem(list) ? `OperatingSystem-${digest}` : `Application-${digest}`;
}

/** true for a list whose packages an operating system installs. */
export function isSystem(list: PackageList): boolean {
  return list.kind === 'installed' && list.distribution !== undefined;
}

export interface DependencyEdge {
  readonly from: string;
  readonly to: string;
  readonly scope: Scope;
}

/**
 * All dependencies of all lists by document id, in order: of the groups on direct packages, then of packages on packages. The scope is that
 * of the package that is needed. A group depends on nothing when a package of its own (the project) does.
 */
export function dependencyEdges(
  lists: readonly PackageList[],
  ids: readonly ReadonlyMap<string, string>[],
): readonly DependencyEdge[] {
  const everywhere = new Map(ids.flatMap((map) => [...map]));
  const scopes = new Map<string, Scope>();
  for (const [at, list] of lists.entries()) {
    for (const item of list.packages) scopes.set(ids[at]?.get(item.id) ?? '', item.scope);
  }
  const edges: DependencyEdge[] = [];
  const add = (from: string | undefined, to: string | undefined): void => {
    if (from !== undefined && to !== undefined && from !== to)
      edges.push({ from, to, scope: scopes.get(to) ?? 'runtime' });
  };
  for (const [at, list] of lists.entries()) {
    const own = ids[at];
    const needed = new Set(list.packages.flatMap((item) => item.dependsOn));
    for (const item of list.packages.filter((candidate) => isAttached(candidate, needed)))
      add(groupId(list), own?.get(item.id));
    for (const item of list.packages) {
      for (const id of new Set(item.dependsOn)) add(own?.get(item.id), own?.get(id) ?? everywhere.get(id));
    }
  }
  return edges;
}

/** Direct packages that no project package in the list names, and those whose scope nothing else would carry. */
function isAttached(item: Package, needed: ReadonlySet<string>): boolean {
  if (needed.has(item.id) || item.relationship === 'root' || item.relationship === 'workspace') return false;
  return item.relationship === 'direct' || item.scope !== 'runtime';
}

/** An address with a scheme, which places in SPDX have to be; else undefined. */
export function addressOf(text: string | undefined): string | undefined {
  const trimmed = text?.trim() ?? '';
  return /^[A-Za-z][A-Za-z0-9+.-]{1,30}:[^\s<>"{}|\\^`]+$/.test(trimmed) && trimmed.length <= 2_000
    ? trimmed
    : undefined;
}

export interface Actor {
  readonly kind: 'Person' | 'Organization';
  readonly name: string;
  readonly email?: string;
}

/** `Jane Doe <jane@example.com> (https://example.com)`: the name, else the address; undefined for neither. */
export function actorOf(text: string | undefined, kind: Actor['kind']): Actor | undefined {
  const line = (text ?? '').split('\n')[0]?.slice(0, 500) ?? '';
  const email = /[<(]([^<>()\s@]{1,200}@[^<>()\s@]{1,200}\.[^<>()\s@]{1,60})[>)]/.exec(line)?.[1];
  const name = line
    .replace(/[<(][^<>()]{0,300}[>)]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  if (name === '' && email === undefined) return undefined;
  return { kind, name: name === '' ? (email ?? '') : name, ...(email === undefined || name === '' ? {} : { email }) };
}

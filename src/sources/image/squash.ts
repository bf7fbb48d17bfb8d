// SPDX-License-Identifier: Apache-2.0
// Which files of which layers a container sees: later layers replace, remove and redirect what is below (OCI image-spec layer.md, "Applying
// Changesets"). Works on layer records, never on contents.
import type { LayerItem, LayerLink, LayerRecord, PrivilegedFile } from './layer-record.ts';
import { pathHashes } from './path-hash.ts';

export interface SquashedFile<T> {
  /** Where it is, all links in folders resolved. */
  readonly path: string;
  /** Index of the layer it comes from. */
  readonly layer: number;
  readonly result: T;
  /** What lower layers had in its place, nearest first. */
  readonly replaced: readonly { readonly layer: number; readonly result: T }[];
}

export interface SquashedImage<T> {
  /** By path. */
  readonly files: readonly SquashedFile<T>[];
  /** Symbolic links by path, to where they lead. */
  readonly links: ReadonlyMap<string, string>;
  readonly privileged: readonly (PrivilegedFile & { readonly layer: number })[];
  /** The place that a path of the image leads to: links in its folders followed. */
  resolve(path: string): string;
}

/** Hops after which a chain of links counts as a loop; Linux has the same number. */
const mostHops = 40;
/** Spellings of one path through links that are looked at. */
const mostSpellings = 8;

export function squash<T>(records: readonly LayerRecord<T>[]): SquashedImage<T> {
  const links = visibleLinks(records);
  const spelling = new Spelling(links);
  const nodes: Node<FileNode<T>>[] = [];
  for (const [layer, record] of records.entries()) {
    for (const item of record.items) {
      const path = spelling.canonical(item.path, layer);
      if (!isAliasTrue(item, links)) continue;
      nodes.push({ layer, names: spelling.all(item.path, path), value: { path, item } });
    }
  }
  const isHidden = hiding(records, nodes);
  const byPath = Map.groupBy(nodes, (node) => node.value.item.alias ?? node.value.path);
  const files: SquashedFile<T>[] = [];
  for (const [path, candidates] of byPath) {
    // The last entry of the highest layer counts.
    const ordered = candidates.toReversed().toSorted((a, b) => b.layer - a.layer);
    const [top, ...below] = ordered;
    if (top === undefined || isHidden(top)) continue;
    const replaced = below
      .filter((node) => node.layer !== top.layer)
      .map(({ layer, value }) => ({ layer, result: value.item.result }));
    files.push({ path, layer: top.layer, result: top.value.item.result, replaced });
  }
  files.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return {
    files,
    links: new Map([...links].map(([path, link]) => [path, link.target])),
    privileged: visiblePrivileged(records, spelling),
    resolve: (path) => spelling.canonical(path, records.length),
  };
}

interface FileNode<T> {
  readonly path: string;
  readonly item: LayerItem<T>;
}

/** Something a layer brought, under every name it may be replaced or removed by. */
interface Node<V> {
  readonly layer: number;
  readonly names: readonly string[];
  readonly value: V;
}

interface VisibleLink {
  readonly layer: number;
  readonly target: string;
}

function visibleLinks<T>(records: readonly LayerRecord<T>[]): Map<string, VisibleLink> {
  const nodes: Node<LayerLink>[] = records.flatMap((record, layer) =>
    record.links.map((value) => ({ layer, names: [value.path], value })),
  );
  const isHidden = hiding(records, nodes);
  const links = new Map<string, VisibleLink>();
  for (const node of nodes) {
    if (!isHidden(node)) links.set(node.value.path, { layer: node.layer, target: node.value.target });
  }
  return links;
}

/** `lib/x` for `usr/lib/x` is true only where `lib` leads to `usr/lib`. */
function isAliasTrue(item: LayerItem<unknown>, links: ReadonlyMap<string, VisibleLink>): boolean {
  if (item.alias === undefined) return true;
  const folder = item.alias.slice(0, item.alias.indexOf('/'));
  return links.get(folder)?.target === `usr/${folder}`;
}

function visiblePrivileged<T>(
  records: readonly LayerRecord<T>[],
  spelling: Spelling,
): (PrivilegedFile & { layer: number })[] {
  const nodes: Node<PrivilegedFile>[] = records.flatMap((record, layer) =>
    record.privileged.map((file) => {
      const path = spelling.canonical(file.path, layer);
      return { layer, names: spelling.all(file.path, path), value: { ...file, path } };
    }),
  );
  const isHidden = hiding(records, nodes);
  return nodes.filter((node) => !isHidden(node)).map((node) => ({ ...node.value, layer: node.layer }));
}

/** Paths through links: where a name really is, and by which other names the same place can be reached. */
class Spelling {
  readonly #links: ReadonlyMap<string, VisibleLink>;
  /** Folders that links lead to, with the links. */
  readonly #sources = new Map<string, string[]>();

  constructor(links: ReadonlyMap<string, VisibleLink>) {
    this.#links = links;
    for (const [path, { target }] of links) {
      const known = this.#sources.get(target);
      if (known === undefined) this.#sources.set(target, [path]);
      else if (known.length < mostSpellings) known.push(path);
    }
  }

  /** The place of an entry of `layer`: links in its folders are followed, as runtimes do when they unpack; it itself may be a link. */
  canonical(path: string, layer: number): string {
    if (this.#links.size === 0) return path;
    let current = path;
    let at = current.indexOf('/');
    for (let hops = 0; at !== -1 && hops < mostHops; ) {
      const link = this.#links.get(current.slice(0, at));
      if (link === undefined || link.layer > layer) at = current.indexOf('/', at + 1);
      else {
        current = link.target === '' ? current.slice(at + 1) : `${link.target}${current.slice(at)}`;
        hops += 1;
        at = current.indexOf('/');
      }
    }
    return current;
  }

  /** The name as written, the place, and names through one link. */
  all(written: string, canonical: string): string[] {
    const names = written === canonical ? [written] : [written, canonical];
    if (this.#sources.size === 0) return names;
    for (let at = canonical.indexOf('/'); at !== -1; at = canonical.indexOf('/', at + 1)) {
      for (const link of this.#sources.get(canonical.slice(0, at)) ?? []) {
        if (names.length >= mostSpellings) return names;
        const name = `${link}${canonical.slice(at)}`;
        if (!names.includes(name)) names.push(name);
      }
    }
    return names;
  }
}

/** The last layer that does something to a path. */
interface LastChange {
  gone: number;
  folder: number;
  opaque: number;
}

/** Tells of each of the nodes whether a layer above its own hides it. */
function hiding<T, V>(records: readonly LayerRecord<T>[], nodes: readonly Node<V>[]): (node: Node<V>) => boolean {
  if (records.length < 2) return () => false;
  const changes = new Map<number, LastChange>();
  const root: LastChange = { gone: -1, folder: -1, opaque: -1 };
  const chains = new Map<Node<V>, LastChange[][]>();
  for (const node of nodes) {
    const chain = node.names.map((name) =>
      pathHashes(name).map((hash) => {
        let change = changes.get(hash);
        if (change === undefined) {
          change = { gone: -1, folder: -1, opaque: -1 };
          changes.set(hash, change);
        }
        return change;
      }),
    );
    chains.set(node, chain);
  }
  changes.set(0, root);
  for (const [layer, record] of records.entries()) {
    for (const hash of record.gone) mark(changes.get(hash), 'gone', layer);
    for (const hash of record.folders) mark(changes.get(hash), 'folder', layer);
    for (const hash of record.opaque) mark(changes.get(hash), 'opaque', layer);
  }
  return (node) =>
    root.opaque > node.layer || (chains.get(node) ?? []).some((chain) => isChainHidden(chain, node.layer));
}

function mark(change: LastChange | undefined, kind: keyof LastChange, layer: number): void {
  if (change !== undefined) change[kind] = layer;
}

function isChainHidden(chain: readonly LastChange[], layer: number): boolean {
  const last = chain.length - 1;
  return chain.some(
    (change, index) => change.gone > layer || (index === last ? change.folder > layer : change.opaque > layer),
  );
}

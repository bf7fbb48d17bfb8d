// SPDX-License-Identifier: Apache-2.0
// Templates and conditional insertions of Azure Pipelines taken apart: what may run, whatever the parameters are. Every branch of `${{ if }}` counts.
// https://learn.microsoft.com/azure/devops/pipelines/process/templates
import type { Problem } from '../../model/problem.ts';
import type { FileTree } from './ci-system.ts';
import { normalizePath, pathBeside } from './ci-system.ts';
import { componentUse } from './component-use.ts';
import type { ComponentUse } from './pipeline.ts';
import type { PlacedValue } from './placed-value.ts';
import { itemsOf, memberOf, membersOf, readPlacedYaml, textOf } from './placed-value.ts';

export type AzureList = 'stages' | 'jobs' | 'steps' | 'variables';

const deepestTemplates = 20;
const mostItems = 20_000;

export class AzureTemplates {
  readonly #tree: FileTree;
  readonly includes: ComponentUse[] = [];
  readonly problems: Problem[] = [];
  /** Paths of the files that were used as templates. */
  readonly used = new Set<string>();
  readonly #read = new Map<string, PlacedValue | undefined>();
  #items = 0;

  constructor(tree: FileTree) {
    this.#tree = tree;
  }

  /** Items of a list (`steps`, say) with templates and insertions replaced by what they hold. */
  items(value: PlacedValue | undefined, list: AzureList, trail: readonly string[]): readonly PlacedValue[] {
    return itemsOf(value).flatMap((item) => this.#item(item, list, trail));
  }

  #item(item: PlacedValue, list: AzureList, trail: readonly string[]): readonly PlacedValue[] {
    this.#items += 1;
    if (this.#items > mostItems) {
      if (this.#items === mostItems + 1)
        this.problems.push({
          kind: 'limit',
          message: `templates expand to more than ${mostItems} items; the rest was not read`,
          location: item.location,
          hidesFindings: true,
        });
      return [];
    }
    const inserted = membersOf(item).filter(([key]) => key.startsWith('${{'));
    if (inserted.length > 0) return inserted.flatMap(([, content]) => this.items(content, list, trail));
    const template = memberOf(item, 'template');
    const name = textOf(template);
    if (template === undefined || name === undefined) return [item];
    const file = this.template(name, template, trail);
    if (file === undefined) return [];
    return this.items(memberOf(file.value, list), list, [...trail, file.path]);
  }

  /** The file of a `template:`; undefined (and noted) when it stands elsewhere. */
  template(
    written: string,
    at: PlacedValue,
    trail: readonly string[],
  ): { readonly path: string; readonly value: PlacedValue } | undefined {
    const { location } = at;
    const [name = '', repository] = written.split('@');
    const isForeign = repository !== undefined && repository !== 'self';
    const path = name.startsWith('/') ? this.#rooted(name, trail[0] ?? '') : pathBeside(trail.at(-1) ?? '', name);
    const use = { name, isLocal: !isForeign, ...(isForeign ? { facts: { repository } } : { resolved: path }) };
    this.includes.push(componentUse('template', { text: written, location }, use));
    if (isForeign) return undefined;
    if (trail.includes(path) || trail.length > deepestTemplates) {
      const kind = trail.includes(path) ? 'cycle' : 'limit';
      const message =
        kind === 'cycle' ? `the template ${written} uses itself` : `templates nested deeper than ${deepestTemplates}`;
      this.problems.push({ kind, message, location, hidesFindings: true });
      return undefined;
    }
    const value = this.#load(path);
    if (value === undefined) {
      this.problems.push({
        kind: 'unresolved',
        message: `the template ${written} is not in the tree`,
        location,
        hidesFindings: true,
      });
      return undefined;
    }
    this.used.add(path);
    return { path, value };
  }

  /** From the root of the repository: the nearest folder above the pipeline in which the file is. */
  #rooted(name: string, pipeline: string): string {
    const folders = pipeline.split('/').slice(0, -1);
    for (let depth = folders.length; depth > 0; depth -= 1) {
      const path = normalizePath(`${folders.slice(0, depth).join('/')}/${name}`);
      if (this.#tree.textAt(path) !== undefined) return path;
    }
    return normalizePath(name);
  }

  #load(path: string): PlacedValue | undefined {
    if (this.#read.has(path)) return this.#read.get(path);
    const text = this.#tree.textAt(path);
    const reading = text === undefined ? undefined : readPlacedYaml(text, path);
    if (reading !== undefined) this.problems.push(...reading.problems);
    this.#read.set(path, reading?.documents[0]);
    return reading?.documents[0];
  }
}

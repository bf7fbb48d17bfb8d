// SPDX-License-Identifier: Apache-2.0
// Helm charts without Helm: the templates with the chart's own default values filled in where that can be known. What could not be known is counted
// and told, because a chart that was read in part is not a chart that is right.

import type { Location } from '../../model/location.ts';
import type { Problem } from '../../model/problem.ts';
import type { JsonObject } from '../document.ts';
import { asObject, asString } from '../document.ts';
import { parseKubernetesYaml } from '../kubernetes-yaml/documents.ts';
import type { KubernetesResource } from '../kubernetes-yaml/resources.ts';
import { resourcesOf } from '../kubernetes-yaml/resources.ts';
import { parseYamlDocument } from '../yaml.ts';
import type { Scope } from './expression.ts';
import { unknown, unknownMember } from './expression.ts';
import type { RenderedTemplate } from './template.ts';
import { definitionsOf, renderTemplate } from './template.ts';

export interface ChartFile {
  readonly path: string;
  readonly text: string;
}

export interface ChartReading {
  readonly resources: readonly KubernetesResource[];
  readonly problems: readonly Problem[];
  readonly actions: number;
  readonly unresolved: number;
}

/** Folders with a Chart.yaml, in order. */
export function chartFolders(paths: readonly string[]): readonly string[] {
  return paths
    .filter((path) => path === 'Chart.yaml' || path.endsWith('/Chart.yaml'))
    .map((path) => path.slice(0, Math.max(0, path.length - 'Chart.yaml'.length - 1)))
    .sort();
}

export function isTemplate(path: string): boolean {
  return /(?:^|\/)templates\/(?:(?!tests\/)[^/]{1,200}\/){0,10}[^/_][^/]{0,200}\.(?:ya?ml|json)$/i.test(path);
}

export interface ChartOptions {
  /** Override those of the chart's values.yaml. */
  readonly values?: JsonObject;
  /** `.Release.Name` and `.Release.Namespace`; `release` in `default` when absent. */
  readonly release?: { readonly name: string; readonly namespace: string };
}

/** Reads one chart. Never throws. */
export function readChart(folder: string, files: readonly ChartFile[], options: ChartOptions = {}): ChartReading {
  const { values = {}, release = { name: 'release', namespace: 'default' } } = options;
  const prefix = folder === '' ? '' : `${folder}/`;
  const find = (name: string): ChartFile | undefined => files.find(({ path }) => path === prefix + name);
  const description = objectOf(find('Chart.yaml'));
  const defaults = objectOf(find('values.yaml'));
  // Named templates are shared by a chart and all charts inside of it.
  let top = folder;
  for (let above = parentOf(top, files); above !== undefined; above = parentOf(above.folder, files)) top = above.folder;
  const root = top === '' ? '' : `${top}/`;
  const definitions = new Map(
    files
      .filter(({ path }) => path.startsWith(root) && /(?:^|\/)templates\//.test(path.slice(root.length)))
      .flatMap(({ text }) => [...definitionsOf(text)]),
  );
  const scope = withIncludes(
    scopeOf(description.value, merged(merged(defaults.value, parentValues(folder, files)), values), release),
    definitions,
  );
  const templates = files.filter(
    ({ path }) => path.startsWith(`${prefix}templates/`) && isTemplate(path.slice(prefix.length)),
  );
  const problems: Problem[] = [...description.problems, ...defaults.problems];
  const resources: KubernetesResource[] = [];
  let actions = 0;
  let unresolved = 0;
  for (const file of templates) {
    const { rendered, found, problem } = readTemplate(file, scope);
    actions += rendered.actions;
    unresolved += rendered.unresolved;
    for (const resource of found) resources.push(resource);
    if (problem !== undefined) problems.push(problem);
  }
  const name = asString(description.value['name']) ?? folder;
  if (unresolved > 0) {
    problems.push({
      kind: 'unsupported',
      message: `the chart ${name} was read without Helm: ${unresolved} of ${actions} expressions in its templates are unknown`,
      location: { path: `${prefix}Chart.yaml` },
      hidesFindings: false,
    });
  }
  return { resources, problems, actions, unresolved };
}

/** The chart that has this one in its folder `charts`; many repositories have such a folder without being a chart. */
function parentOf(
  folder: string,
  files: readonly ChartFile[],
): { readonly folder: string; readonly name: string } | undefined {
  const match = /^(?:(.*)\/)?charts\/([^/]{1,200})$/.exec(folder);
  if (match === null) return undefined;
  const [, above = '', name = ''] = match;
  const path = above === '' ? 'Chart.yaml' : `${above}/Chart.yaml`;
  return files.some((file) => file.path === path) ? { folder: above, name } : undefined;
}

/** What the chart above gives to a chart: the member with its name, and `global`. */
function parentValues(folder: string, files: readonly ChartFile[]): JsonObject {
  const parent = parentOf(folder, files);
  if (parent === undefined) return {};
  const path = parent.folder === '' ? 'values.yaml' : `${parent.folder}/values.yaml`;
  const { value } = objectOf(files.find((file) => file.path === path));
  const own = asObject(value[parent.name]) ?? {};
  return value['global'] === undefined ? own : { ...own, global: value['global'] };
}

interface ReadObject {
  readonly value: JsonObject;
  readonly problems: readonly Problem[];
}

function objectOf(file: ChartFile | undefined): ReadObject {
  if (file === undefined) return { value: {}, problems: [] };
  const document = parseYamlDocument(file.text, file.path, { merge: 'on' });
  return { value: asObject(document.value) ?? {}, problems: document.problems };
}

/** Members of the second replace those of the first, mappings are merged (Helm: coalesce values). */
function merged(defaults: JsonObject, values: JsonObject, depth = 0): JsonObject {
  if (depth > 50) return values;
  const result: Record<string, unknown> = { ...defaults };
  for (const [key, value] of Object.entries(values)) {
    const known = asObject(Object.hasOwn(result, key) ? result[key] : undefined);
    const member = asObject(value);
    result[key] = known !== undefined && member !== undefined ? merged(known, member, depth + 1) : value;
  }
  return result;
}

function scopeOf(
  description: JsonObject,
  values: JsonObject,
  { name, namespace }: Required<ChartOptions>['release'],
): Scope {
  const chart = Object.fromEntries(
    Object.entries(description).map(([key, value]) => [key.charAt(0).toUpperCase() + key.slice(1), value]),
  );
  const root = {
    Values: values,
    Chart: chart,
    Release: { Name: name, Namespace: namespace, Service: 'Helm', IsInstall: true, IsUpgrade: false, Revision: 1 },
    Capabilities: { [unknownMember]: true },
    Files: { [unknownMember]: true },
    Template: { [unknownMember]: true },
  };
  return { root, dot: root, variables: new Map() };
}

/** Characters of named templates that one chart may go through, and how deep they may call each other. */
const mostIncluded = 20_000_000;
const deepestInclude = 30;

/** Named templates are rendered where they are used, with the dot that they are given. */
function withIncludes(scope: Scope, definitions: ReadonlyMap<string, string>): Scope {
  let left = mostIncluded;
  let depth = 0;
  const parse = (text: string): unknown => {
    const document = parseYamlDocument(text, 'template', { merge: 'on' });
    return document.problems.length === 0 ? document.value : undefined;
  };
  const include = (name: string, dot: unknown): unknown => {
    const body = definitions.get(name);
    left -= (body?.length ?? 0) + 100;
    if (body === undefined || left < 0 || depth >= deepestInclude) return unknown;
    depth += 1;
    const inner = { ...scope, dot, variables: new Map<string, unknown>(), include, parse };
    const { text, unresolved } = renderTemplate(body, inner, { blocks: 'inline', lines: 'free' });
    depth -= 1;
    // A name with an unknown part is an unknown name; a block with one is mostly known.
    return unresolved > 0 && !text.trim().includes('\n') ? unknown : text.trim().slice(0, longestInclude);
  };
  return { ...scope, include, parse };
}

const longestInclude = 100_000;

/** Where loops have repeated lines, a place in the text is not that in the template. */
function atTemplate(resource: KubernetesResource, { lines }: RenderedTemplate): KubernetesResource {
  if (lines === undefined) return resource;
  const lineOf = (line: number | undefined): number | undefined =>
    line === undefined ? undefined : (lines[line] ?? line);
  const moved = (location: Location): Location => {
    const [line, endLine] = [lineOf(location.line), lineOf(location.endLine)];
    return {
      ...location,
      ...(line === undefined ? {} : { line }),
      // A block that a loop went through several times ends before it begins.
      ...(endLine === undefined ? {} : { endLine: Math.max(endLine, line ?? endLine) }),
    };
  };
  return {
    ...resource,
    locate: (path) => moved(resource.locate(path)),
    locateValue: (path) => moved(resource.locateValue(path)),
  };
}

interface ReadTemplate {
  readonly rendered: RenderedTemplate;
  readonly found: readonly KubernetesResource[];
  readonly problem?: Problem;
}

/** With blocks in flow style; where that is no YAML, without them. */
function readTemplate(file: ChartFile, scope: Scope): ReadTemplate {
  let last: RenderedTemplate | undefined;
  for (const blocks of ['inline', 'leave-out'] as const) {
    const rendered = renderTemplate(file.text, scope, { blocks });
    const documents = parseKubernetesYaml(rendered.text, file.path);
    const fault = documents.flatMap(({ problems }) => problems).find(({ hidesFindings }) => hidesFindings);
    if (fault === undefined)
      return { rendered, found: resourcesOf(documents).resources.map((found) => atTemplate(found, rendered)) };
    last = rendered;
  }
  return {
    rendered: last ?? { text: '', actions: 0, unresolved: 0 },
    found: [],
    problem: {
      kind: 'unsupported',
      message: 'the template cannot be read without Helm',
      location: { path: file.path },
      hidesFindings: true,
    },
  };
}

// SPDX-License-Identifier: Apache-2.0
// All templates of a chart and of the charts inside of it, in the order in which Helm goes through them: what one of them sets in the values the next one sees.

import { asString } from '../document.ts';
import type { TemplateNode } from '../go-template/parse.ts';
import { parseGoTemplate } from '../go-template/parse.ts';
import { SchemaFault, validateSchema } from '../json-schema/validate.ts';
import type { KnownFiles } from './built-in-objects.ts';
import { capabilities, chartObject, filesObject, releaseObject } from './built-in-objects.ts';
import type { Chart, ChartFile } from './chart-files.ts';
import { coalesced } from './coalesce.ts';
import { withDependencies } from './dependencies.ts';
import type { Definitions, RenderedTemplate } from './template.ts';
import { addDefinitions, ChartRendering } from './template.ts';
import type { Dictionary } from './value.ts';
import { compareTexts, deepCopy, HelmRefusal, isDictionary } from './value.ts';

export interface ChartTemplates {
  /** Charts that are rendered: none that is switched off, one more for each alias. */
  readonly rendered: readonly RenderedChart[];
  /** Why Helm refuses all of it. */
  readonly refusals: readonly string[];
}

export interface RenderedChart {
  readonly chart: Chart;
  /** In the order of their paths, without those whose names begin with `_`. */
  readonly templates: readonly { readonly file: ChartFile; readonly rendered: RenderedTemplate }[];
  readonly refusals: readonly string[];
}

export interface RenderOptions {
  readonly values: Dictionary;
  readonly release: { readonly name: string; readonly namespace: string };
  readonly files: KnownFiles;
}

/** Never throws. */
export function renderCharts(chart: Chart, options: RenderOptions): ChartTemplates {
  try {
    const whole = withDependencies(chart, options.values);
    return rendered(whole, coalesced(whole, options.values), options);
  } catch (error) {
    if (!(error instanceof HelmRefusal)) throw error;
    return { rendered: [], refusals: [error.message] };
  }
}

interface Entry {
  /** As templates name it: `web/charts/db/templates/a.yaml`. */
  readonly name: string;
  readonly file: ChartFile;
  readonly part: Part;
}

/** One chart with what its templates see. */
interface Part {
  readonly chart: Chart;
  readonly path: string;
  readonly dot: Dictionary;
  readonly rendering: ChartRendering;
  /** Its values before any template changes them. */
  readonly given: unknown;
}

function rendered(chart: Chart, values: Dictionary, options: RenderOptions): ChartTemplates {
  const shared = { Release: { ...releaseObject(options.release) }, Capabilities: capabilities() };
  const parts: Part[] = [];
  const partOf = (of: Chart, path: string, own: Dictionary): Dictionary => {
    const subcharts: Dictionary = {};
    const dot: Dictionary = {
      Chart: { ...chartObject(of, path === of.name ? 'root' : 'inside') },
      Files: filesObject(of.files, options.files),
      ...shared,
      Values: own,
      Subcharts: subcharts,
    };
    parts.push({ chart: of, path, dot, rendering: new ChartRendering(), given: deepCopy(own) });
    for (const child of of.dependencies) {
      const inner = own[child.name];
      subcharts[child.name] = partOf(child, `${path}/charts/${child.name}`, isDictionary(inner) ? inner : {});
    }
    return dot;
  };
  partOf(chart, chart.name, values);
  const entries = parts.flatMap(entriesOf).sort(deepestFirst);
  const { definitions, faults } = definitionsOf(entries);
  const results = new Map<Entry, RenderedTemplate>();
  for (const entry of entries) {
    const nodes = definitions.get(entry.name);
    if (/(?:^|\/)_[^/]*$/.test(entry.name) || nodes === undefined) continue;
    const { dot, path, rendering } = entry.part;
    dot['Template'] = { Name: entry.name, BasePath: `${path}/templates` };
    results.set(entry, {
      ...rendering.render(nodes, dot, definitions),
      ...(faults.has(entry) ? { fault: 'syntax' as const } : {}),
    });
  }
  return {
    rendered: parts.map((part) => ({
      chart: part.chart,
      templates: entries
        .flatMap((entry) => {
          const result = entry.part === part ? results.get(entry) : undefined;
          return result === undefined ? [] : [{ file: entry.file, rendered: result }];
        })
        .sort((left, right) => compareTexts(left.file.path, right.file.path)),
      refusals: [
        ...schemaRefusals(part),
        ...part.rendering.refusals,
        ...[...faults].flatMap(([entry, message]) => (entry.part === part ? [message] : [])),
      ],
    })),
    refusals: [],
  };
}

/** What of the values of a chart its schema does not take. A schema that cannot be judged with says nothing. */
function schemaRefusals({ chart: { schema, name }, given }: Part): readonly string[] {
  if (schema === undefined) return [];
  try {
    const [violation] = validateSchema(JSON.parse(schema), given);
    if (violation === undefined) return [];
    const message = `${name}: at /${violation.at.join('/')}: ${violation.message}`;
    return [`values don't meet the specifications of the schema(s) in the following chart(s): ${message}`];
  } catch (error) {
    if (error instanceof SchemaFault || error instanceof SyntaxError) return [];
    throw error;
  }
}

/** Of a library only what others call. */
function entriesOf(part: Part): readonly Entry[] {
  const { chart, path } = part;
  const prefix = chart.folder === '' ? '' : `${chart.folder}/`;
  const isLibrary = asString(chart.description['type']) === 'library';
  return chart.templates
    .filter((file) => !isLibrary || /\/_[^/]*$/.test(file.path))
    .map((file) => ({ name: `${path}/${file.path.slice(prefix.length)}`, file, part }));
}

/** So that what an outer chart defines replaces what an inner one does. */
function deepestFirst(left: Entry, right: Entry): number {
  const depth = ({ name }: Entry): number => name.split('/').length;
  return depth(right) - depth(left) || compareTexts(right.name, left.name);
}

function definitionsOf(entries: readonly Entry[]): {
  readonly definitions: Definitions;
  readonly faults: ReadonlyMap<Entry, string>;
} {
  const definitions = new Map<string, readonly TemplateNode[]>();
  const faults = new Map<Entry, string>();
  const added = new Map<string, readonly TemplateNode[]>();
  const parsed = new Map<string, ReturnType<typeof parseGoTemplate>>();
  for (const entry of entries) {
    const result = parsed.get(entry.file.path) ?? parseGoTemplate(entry.file.text);
    parsed.set(entry.file.path, result);
    if (result.kind === 'fault') {
      faults.set(entry, `parse error at (${entry.name}): ${result.message}`);
      added.set(entry.name, []);
      continue;
    }
    added.set(entry.name, result.nodes);
    addDefinitions(definitions, result.definitions);
  }
  return { definitions: new Map([...definitions, ...added]), faults };
}

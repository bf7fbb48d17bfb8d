// SPDX-License-Identifier: Apache-2.0
// Helm charts without Helm: what `helm template` would give, with the place of every line. What could not be known is counted and told, because a chart that was
// read in part is not a chart that is right.
import type { Location } from '../../model/location.ts';
import type { Problem } from '../../model/problem.ts';
import type { JsonObject } from '../document.ts';
import { parseKubernetesYaml } from '../kubernetes-yaml/documents.ts';
import type { KubernetesResource } from '../kubernetes-yaml/resources.ts';
import { resourcesOf } from '../kubernetes-yaml/resources.ts';
import type { KnownFiles } from './built-in-objects.ts';
import type { Chart, ChartFile } from './chart-files.ts';
import { chartIn } from './chart-files.ts';
import type { ChartTemplates } from './chart-templates.ts';
import { renderCharts } from './chart-templates.ts';
import type { RenderedTemplate } from './template.ts';
import type { Dictionary } from './value.ts';
import { deepCopy } from './value.ts';

export type { ChartFile } from './chart-files.ts';

export interface ChartReading {
  readonly resources: readonly KubernetesResource[];
  readonly problems: readonly Problem[];
  readonly actions: number;
  readonly unresolved: number;
  /** Why Helm would not render the chart with these values; the resources are what the rest of it gives. */
  readonly refusals: readonly string[];
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
  /** Whether all files of the chart are handed in; `configuration` when absent. */
  readonly files?: KnownFiles;
}

/**
 * Reads one chart; one that lies in the folder `charts` of another is read as a part of that one, with what it gets from there, and gives nothing where that one
 * switches it off. Never throws.
 */
export function readChart(folder: string, files: readonly ChartFile[], options: ChartOptions = {}): ChartReading {
  const top = topOf(folder, files);
  const charts = chartsOf(top, files, options);
  const own = charts.rendered.filter(({ chart }) => chart.folder === folder);
  const problems: Problem[] = [...(own[0]?.chart.problems ?? [])];
  const resources: KubernetesResource[] = [];
  const refusals = new Set(charts.refusals);
  let actions = 0;
  let unresolved = 0;
  for (const { templates, refusals: said } of own) {
    for (const message of said) refusals.add(message);
    for (const { file, rendered } of templates) {
      if (!isTemplate(file.path.slice(folder === '' ? 0 : folder.length + 1))) continue;
      actions += rendered.actions;
      unresolved += rendered.unresolved;
      const { found, problem } = readRendered(file, rendered);
      for (const resource of found) resources.push(resource);
      if (problem !== undefined) problems.push(problem);
    }
  }
  const name = own[0]?.chart.name ?? folder;
  const tell = (message: string): void => {
    const location = { path: folder === '' ? 'Chart.yaml' : `${folder}/Chart.yaml` };
    problems.push({ kind: 'unsupported', message, location, hidesFindings: false });
  };
  if (unresolved > 0)
    tell(
      `the chart ${name} was read without Helm: ${unresolved} of ${actions} expressions in its templates are unknown`,
    );
  const [refusal] = refusals;
  if (refusal !== undefined) tell(`Helm would not render the chart ${name} with these values: ${refusal}`);
  return { resources, problems, actions, unresolved, refusals: [...refusals] };
}

/** The outermost chart around a folder; many repositories have a folder `charts` without being a chart. */
function topOf(folder: string, files: readonly ChartFile[]): string {
  const match = /^(?:(.*)\/)?charts\/[^/]{1,200}$/.exec(folder);
  if (match === null) return folder;
  const above = match[1] ?? '';
  const path = above === '' ? 'Chart.yaml' : `${above}/Chart.yaml`;
  return files.some((file) => file.path === path) ? topOf(above, files) : folder;
}

/** Charts that lie in one another are rendered together, once for all of them. */
const rendered = new WeakMap<readonly ChartFile[], Map<string, ChartTemplates>>();

function chartsOf(top: string, files: readonly ChartFile[], options: ChartOptions): ChartTemplates {
  const isPlain = options.values === undefined && options.release === undefined && options.files === undefined;
  const known = isPlain ? rendered.get(files)?.get(top) : undefined;
  if (known !== undefined) return known;
  const chart: Chart = chartIn(top, files);
  const charts = renderCharts(chart, {
    values: deepCopy(options.values ?? {}) as Dictionary,
    release: options.release ?? { name: 'release', namespace: 'default' },
    files: options.files ?? 'configuration',
  });
  if (isPlain) {
    const kept = rendered.get(files) ?? new Map<string, ChartTemplates>();
    rendered.set(files, kept.set(top, charts));
  }
  return charts;
}

/** A place in the text is not that in the template. */
function atTemplate(resource: KubernetesResource, { lines }: RenderedTemplate): KubernetesResource {
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
  readonly found: readonly KubernetesResource[];
  readonly problem?: Problem;
}

/** Of several documents those that can be read. */
function readRendered(file: ChartFile, template: RenderedTemplate): ReadTemplate {
  const documents = parseKubernetesYaml(template.text, file.path);
  const broken = documents.filter(({ problems }) => problems.some(({ hidesFindings }) => hidesFindings));
  const found = resourcesOf(documents.filter((document) => !broken.includes(document))).resources.map((resource) =>
    atTemplate(resource, template),
  );
  if (broken.length === 0 && template.fault === undefined) return { found };
  const location = { path: file.path };
  return {
    found,
    problem: {
      kind: 'unsupported',
      message:
        template.fault === 'limit'
          ? 'the template is more work than is done for one'
          : 'the template cannot be read without Helm',
      location,
      hidesFindings: true,
    },
  };
}

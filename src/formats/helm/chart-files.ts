// SPDX-License-Identifier: Apache-2.0
// A chart with the charts in its folder `charts`, as it lies there: descriptions, default values, templates, other files.
import type { Problem } from '../../model/problem.ts';
import type { JsonObject } from '../document.ts';
import { asObject, asString } from '../document.ts';
import { parseKubernetesYaml } from '../kubernetes-yaml/documents.ts';
import { coalesceTables } from './coalesce.ts';
import type { Dictionary } from './value.ts';
import { deepCopy } from './value.ts';

export interface ChartFile {
  readonly path: string;
  readonly text: string;
}

/** One chart; an alias makes a second one of the same folder. */
export interface Chart {
  /** In values and in names of templates: the alias, if there is one. */
  readonly name: string;
  readonly folder: string;
  readonly description: JsonObject;
  readonly values: Dictionary;
  /** Text of values.schema.json. */
  readonly schema: string | undefined;
  readonly templates: readonly ChartFile[];
  /** By their paths in the chart: what templates can ask for. */
  readonly files: ReadonlyMap<string, string>;
  readonly dependencies: readonly Chart[];
  readonly problems: readonly Problem[];
}

const deepestChart = 20;

/** The chart in a folder; `files` are those of the whole tree. */
export function chartIn(folder: string, files: readonly ChartFile[], depth = 0): Chart {
  const prefix = folder === '' ? '' : `${folder}/`;
  const own = files.filter(({ path }) => path.startsWith(prefix));
  const inside = new Map(own.map(({ path, text }) => [path.slice(prefix.length), text]));
  const read = (name: string): ReadObject => objectsOf(inside.get(name), prefix + name);
  const description = read('Chart.yaml');
  const required =
    description.value['dependencies'] === undefined ? read('requirements.yaml').value['dependencies'] : undefined;
  const defaults = read('values.yaml');
  const charts = [...inside.keys()].flatMap((path) => /^charts\/([^/_.][^/]*)\/Chart\.yaml$/.exec(path)?.[1] ?? []);
  return {
    name: asString(description.value['name']) ?? folder.slice(folder.lastIndexOf('/') + 1),
    folder,
    description: required === undefined ? description.value : { ...description.value, dependencies: required },
    values: defaults.value,
    schema: inside.get('values.schema.json'),
    templates: own.filter(({ path }) => path.startsWith(`${prefix}templates/`)),
    files: new Map([...inside].filter(([path]) => isOther(path))),
    dependencies:
      depth >= deepestChart ? [] : charts.sort().map((name) => chartIn(`${prefix}charts/${name}`, own, depth + 1)),
    problems: [...description.problems, ...defaults.problems],
  };
}

/** What `.Files` does not have. */
function isOther(path: string): boolean {
  return !/^(?:templates|charts|crds)\/|^(?:Chart\.(?:yaml|lock)|values\.(?:yaml|schema\.json)|requirements\.(?:yaml|lock))$/.test(
    path,
  );
}

interface ReadObject {
  readonly value: Dictionary;
  readonly problems: readonly Problem[];
}

/** A file that holds a mapping; several documents are merged, the later ones win. */
function objectsOf(text: string | undefined, path: string): ReadObject {
  if (text === undefined) return { value: {}, problems: [] };
  const documents = parseKubernetesYaml(text, path);
  const values = documents.map(({ value }) => deepCopy(asObject(value) ?? {}) as Dictionary);
  const value = values.reduce((earlier, later) => coalesceTables(later, earlier, 'merge'), {});
  // Names that stand twice Helm takes; a merge key may give one of them.
  const problems = documents.flatMap((document) => document.problems).filter(({ hidesFindings }) => hidesFindings);
  return { value, problems };
}

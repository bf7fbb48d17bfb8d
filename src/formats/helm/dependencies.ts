// SPDX-License-Identifier: Apache-2.0
// Which charts inside of a chart are rendered, under which names, and what values they hand up: conditions, tags, aliases and import-values of Chart.yaml. Helm,
// pkg/chart/v2/util/dependencies.go.
import type { JsonObject } from '../document.ts';
import { asArray, asObject, asObjects, asString } from '../document.ts';
import type { Chart } from './chart-files.ts';
import { coalesced, coalesceTables } from './coalesce.ts';
import { fitsConstraint } from './functions/versions.ts';
import type { Dictionary } from './value.ts';
import { deepCopy, isDictionary } from './value.ts';

/** The chart as Helm renders it with these values. Throws HelmRefusal for values that fit no chart. */
export function withDependencies(chart: Chart, values: Dictionary): Chart {
  return withImports(enabled(chart, values, ''));
}

function dependenciesOf(chart: Chart): readonly JsonObject[] {
  return asObjects(chart.description['dependencies']);
}

/** The alias, or else the name. */
function nameOf(dependency: JsonObject): string {
  const alias = asString(dependency['alias']);
  return alias === undefined || alias === '' ? (asString(dependency['name']) ?? '') : alias;
}

function isMeant(dependency: JsonObject, chart: Chart): boolean {
  const version = asString(chart.description['version']) ?? '';
  const { name, version: wanted } = dependency;
  const constraint = typeof wanted === 'number' ? String(wanted) : (asString(wanted) ?? '');
  return name === chart.name && fitsConstraint(constraint, version);
}

function enabled(chart: Chart, values: Dictionary, path: string): Chart {
  const wanted = dependenciesOf(chart);
  if (wanted.length === 0) {
    const inner = coalesced(chart, values);
    return {
      ...chart,
      dependencies: chart.dependencies.map((child) => enabled(child, inner, `${path}${child.name}.`)),
    };
  }
  const unnamed = chart.dependencies.filter((child) => !wanted.some((dependency) => isMeant(dependency, child)));
  const named = wanted.flatMap((dependency) => {
    const child = chart.dependencies.find((candidate) => isMeant(dependency, candidate));
    return child === undefined ? [] : [{ ...child, name: nameOf(dependency) }];
  });
  const whole = { ...chart, dependencies: [...unnamed, ...named] };
  const inner = coalesced(whole, values);
  const off = new Set(wanted.filter((dependency) => !isEnabled(dependency, inner, path)).map(nameOf));
  const left = whole.dependencies.filter(({ name }) => !off.has(name));
  const description = {
    ...chart.description,
    dependencies: wanted.filter((dependency) => !off.has(nameOf(dependency))),
  };
  return {
    ...whole,
    description,
    dependencies: left.map((child) => enabled(child, inner, `${path}${child.name}.`)),
  };
}

/** The first condition that is true or false decides; else tags do. */
function isEnabled(dependency: JsonObject, values: Dictionary, path: string): boolean {
  for (const condition of (asString(dependency['condition']) ?? '').trim().split(',')) {
    const value = condition === '' ? undefined : valueAt(values, (path + condition).split('.'));
    if (typeof value === 'boolean') return value;
  }
  const tags = asObject(values['tags']) ?? {};
  const said = asArray(dependency['tags']).map((tag) => tags[String(tag)]);
  return said.includes(true) || !said.includes(false);
}

function valueAt(values: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (found, key) => (isDictionary(found) && Object.hasOwn(found, key) ? found[key] : undefined),
    values,
  );
}

function tableAt(values: Dictionary, path: string): Dictionary | undefined {
  const found = valueAt(values, path.split('.'));
  return isDictionary(found) ? (deepCopy(found) as Dictionary) : undefined;
}

/** Innermost first: what a chart imports it may hand on. */
function withImports(chart: Chart): Chart {
  const whole = { ...chart, dependencies: chart.dependencies.map(withImports) };
  const wanted = dependenciesOf(chart);
  if (wanted.length === 0) return whole;
  const own = coalesced(whole, {}, 'merge');
  const imported: Dictionary = {};
  for (const dependency of wanted) {
    for (const item of asArray(dependency['import-values'])) {
      const { child, parent } = importOf(item);
      const table = child === undefined ? undefined : tableAt(own, `${nameOf(dependency)}.${child}`);
      if (table !== undefined) coalesceTables(imported, nested(parent, table), 'merge');
    }
  }
  return { ...whole, values: coalesceTables(own, imported, 'merge') };
}

/** `data` is short for `exports.data`, which goes to the top. */
function importOf(item: unknown): { readonly child: string | undefined; readonly parent: string } {
  if (typeof item === 'string') return { child: `exports.${item}`, parent: '.' };
  const { child, parent } = asObject(item) ?? {};
  return { child: asString(child), parent: asString(parent) ?? '.' };
}

function nested(path: string, value: Dictionary): Dictionary {
  if (path === '.') return value;
  return path.split('.').reduceRight<Dictionary>((inner, key) => ({ [key]: inner }), value);
}

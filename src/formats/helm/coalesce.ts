// SPDX-License-Identifier: Apache-2.0
// How values of the user, of a chart and of the charts inside of it come together: the outer ones win, mappings are merged, null takes a default away, `global`
// goes down. Helm, pkg/chart/common/util/coalesce.go. What is given first is changed.
import type { Dictionary } from './value.ts';
import { deepCopy, HelmRefusal, isDictionary, put } from './value.ts';

/** A chart as far as values are concerned. */
export interface ValueChart {
  readonly name: string;
  readonly values: Dictionary;
  readonly dependencies: readonly ValueChart[];
}

/** `coalesce` takes null away together with the default that it stands against; `merge` keeps it for later. */
export type NullRule = 'coalesce' | 'merge';

/** The values of a chart with those of the charts inside; `values` win. */
export function coalesced(chart: ValueChart, values: Dictionary, rule: NullRule = 'coalesce'): Dictionary {
  return coalesceChart(chart, deepCopy(values) as Dictionary, rule);
}

function coalesceChart(chart: ValueChart, target: Dictionary, rule: NullRule): Dictionary {
  coalesceOwn(chart, target, rule);
  for (const dependency of chart.dependencies) {
    if (!Object.hasOwn(target, dependency.name)) put(target, dependency.name, {});
    const inner = target[dependency.name];
    if (!isDictionary(inner)) throw new HelmRefusal(`type mismatch on ${dependency.name}`);
    coalesceGlobals(inner, target);
    coalesceChart(dependency, inner, rule);
  }
  return target;
}

function coalesceOwn(chart: ValueChart, target: Dictionary, rule: NullRule): void {
  const defaults = deepCopy(chart.values) as Dictionary;
  for (const [key, value] of Object.entries(defaults)) {
    if (!Object.hasOwn(target, key)) {
      if (rule === 'coalesce' && value === null) continue;
      if (rule === 'coalesce' && isDictionary(value)) withoutNull(value);
      put(target, key, value);
      continue;
    }
    const given = target[key];
    if (given === null && rule === 'coalesce') delete target[key];
    else if (isDictionary(given) && isDictionary(value)) {
      const inner = chart.dependencies.some(({ name }) => name === key) ? 'merge' : rule;
      if (inner === 'coalesce') withoutNull(value);
      coalesceTables(given, value, inner);
    }
  }
}

/** Members of the second that the first does not have. */
export function coalesceTables(target: Dictionary, source: Dictionary, rule: NullRule): Dictionary {
  const given = new Set(Object.entries(source).flatMap(([key, value]) => (value === null ? [] : [key])));
  for (const [key, value] of Object.entries(target)) if (value === null) put(source, key, null);
  for (const [key, value] of Object.entries(source)) {
    const own = Object.hasOwn(target, key) ? target[key] : undefined;
    if (own === null && rule === 'coalesce' && given.has(key)) delete target[key];
    else if (own === undefined) put(target, key, value);
    else if (isDictionary(value) && isDictionary(own)) coalesceTables(own, value, rule);
  }
  return target;
}

function coalesceGlobals(inner: Dictionary, outer: Dictionary): void {
  const own = inner['global'] ?? {};
  const given = outer['global'] ?? {};
  if (!isDictionary(own) || !isDictionary(given)) return;
  for (const [key, value] of Object.entries(given)) {
    const known = own[key];
    if (!isDictionary(value)) {
      if (!isDictionary(known)) put(own, key, value);
    } else if (known === undefined) put(own, key, { ...value });
    else if (isDictionary(known)) put(own, key, coalesceTables({ ...value }, known, 'merge'));
  }
  put(inner, 'global', own);
}

function withoutNull(values: Dictionary): void {
  for (const [key, value] of Object.entries(values)) {
    if (value === null) delete values[key];
    else if (isDictionary(value)) withoutNull(value);
  }
}

// SPDX-License-Identifier: Apache-2.0
// Where the images of a registry are really fetched from: the settings of containers-registries.conf(5), version 2, and the sets of
// insecure and blocked registries of version 1.
import type { Problem } from '../../model/problem.ts';
import type { JsonObject } from '../document.ts';
import { asArray, asObject, asString, asStrings } from '../document.ts';
import { parseToml } from '../toml.ts';
import type { Reference } from './reference.ts';

export interface RegistryRule {
  /** `host[:port][/path]`, or `*.domain` for every host below a domain. */
  readonly prefix: string;
  /** What the prefix is replaced by; undefined keeps it. */
  readonly location?: string;
  /** Plain HTTP and unverified certificates are accepted. */
  readonly insecure: boolean;
  /** Images of this prefix may not be fetched. */
  readonly blocked: boolean;
  readonly mirrors: readonly MirrorRule[];
}

export interface MirrorRule {
  readonly location: string;
  readonly insecure: boolean;
  readonly serves: 'all' | 'digests' | 'tags';
}

export interface RegistriesConf {
  readonly rules: readonly RegistryRule[];
  readonly problems: readonly Problem[];
}

/** Reads a registries.conf. Never throws; a rule that cannot be read is a problem, since it could have blocked a registry. */
export function parseRegistriesConf(text: string, path: string): RegistriesConf {
  const document = parseToml(text, path);
  const problems: Problem[] = [...document.problems];
  const rules: RegistryRule[] = [];
  const lines = document.headerLines('registry');
  for (const [index, item] of asArray(document.value?.['registry']).entries()) {
    const rule = readRule(asObject(item) ?? {});
    if (rule !== undefined) rules.push(rule);
    else {
      const line = lines[index];
      const location = { path, ...(line === undefined ? {} : { line }) };
      problems.push({
        kind: 'schema',
        message: 'a registry without prefix and location',
        location,
        hidesFindings: true,
      });
    }
  }
  const old = asObject(document.value?.['registries']);
  const named = (set: string): readonly string[] => asStrings(asObject(old?.[set])?.['registries']);
  for (const prefix of named('insecure')) rules.push({ prefix, insecure: true, blocked: false, mirrors: [] });
  for (const prefix of named('block')) rules.push({ prefix, insecure: false, blocked: true, mirrors: [] });
  return { rules, problems };
}

function readRule(item: JsonObject): RegistryRule | undefined {
  const location = asString(item['location']);
  const prefix = asString(item['prefix']) ?? location;
  if (prefix === undefined || prefix === '') return undefined;
  const byDigestOnly = item['mirror-by-digest-only'] === true;
  const mirrors = asArray(item['mirror']).flatMap((entry): MirrorRule[] => {
    const mirror = asObject(entry);
    const place = asString(mirror?.['location']);
    if (place === undefined || place === '') return [];
    const pull = asString(mirror?.['pull-from-mirror']);
    const serves = pull === 'tag-only' ? 'tags' : pull === 'digest-only' || byDigestOnly ? 'digests' : 'all';
    return [{ location: place, insecure: mirror?.['insecure'] === true, serves }];
  });
  return {
    prefix,
    insecure: item['insecure'] === true,
    blocked: item['blocked'] === true,
    mirrors,
    ...(location === undefined || location === '' ? {} : { location }),
  };
}

/** One place to ask, in the order in which they are asked. */
export interface Place {
  readonly registry: string;
  readonly repository: string;
  readonly insecure: boolean;
  readonly isMirror: boolean;
}

/** The places of an image; `blocked` when the configuration forbids to fetch it. The most special prefix counts. */
export function placesOf(reference: Reference, rules: readonly RegistryRule[]): readonly Place[] | 'blocked' {
  const name = `${reference.registry}/${reference.repository}`;
  const rule = rules
    .filter(({ prefix }) => matchedLength(prefix, name) !== undefined)
    // A longer written prefix is more special; `*.a.example` is less special than any host it covers.
    .sort(
      (a, b) =>
        Number(a.prefix.startsWith('*.')) - Number(b.prefix.startsWith('*.')) || b.prefix.length - a.prefix.length,
    )[0];
  if (rule === undefined) return [{ ...namePlace(name), insecure: false, isMirror: false }];
  if (rule.blocked) return 'blocked';
  const moved = (location: string): string => location + name.slice(matchedLength(rule.prefix, name) ?? 0);
  const wanted = reference.digest === undefined ? 'tags' : 'digests';
  const mirrors = rule.mirrors
    .filter(({ serves }) => serves === 'all' || serves === wanted)
    .map((mirror) => ({ ...namePlace(moved(mirror.location)), insecure: mirror.insecure, isMirror: true }));
  const isMoved = rule.location !== undefined && rule.location !== rule.prefix;
  const own = namePlace(isMoved ? moved(rule.location ?? '') : name);
  return [...mirrors, { ...own, insecure: rule.insecure, isMirror: false }];
}

function namePlace(name: string): { readonly registry: string; readonly repository: string } {
  const slash = name.indexOf('/');
  return slash === -1
    ? { registry: name, repository: '' }
    : { registry: name.slice(0, slash), repository: name.slice(slash + 1) };
}

/** Characters of `name` that the prefix covers. A host covers its ports as well, as for containers/image: what is blocked stays blocked there. */
function matchedLength(prefix: string, name: string): number | undefined {
  if (prefix.startsWith('*.')) {
    const host = name.split('/')[0] ?? '';
    return host.endsWith(prefix.slice(1)) && host.length >= prefix.length ? host.length : undefined;
  }
  if (!name.startsWith(prefix)) return undefined;
  const next = name[prefix.length];
  return next === undefined || next === '/' || next === ':' ? prefix.length : undefined;
}

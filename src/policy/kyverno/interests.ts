// SPDX-License-Identifier: Apache-2.0
// Which requests a Kyverno policy may say something about, so that the others need not reach it, and webhooks can be registered. Says rather too much
// than too little: kinds that are not built in have plurals that nobody here knows, so they stand for every resource of their group.
import type { JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asStrings } from '../../formats/document.ts';
import { hasWildcard } from '../../formats/wildcard.ts';
import { mappingsOfKind } from '../admission-policy/rest-mapping.ts';
import type { PolicyInterest } from '../engine.ts';
import { controllerMatches } from './cel/autogen.ts';
import { parseKindSelector } from './kind-selector.ts';

const everything: PolicyInterest = { groups: ['*'], resources: ['*/*', '*'], operations: ['*'] };

/** Of a policy with rules: those of all its rules as computed, the ones made for controllers included. */
export function interestsOfRules(rules: readonly JsonObject[]): readonly PolicyInterest[] {
  const found = new Map<string, PolicyInterest>();
  for (const rule of rules)
    for (const resources of filtersOf(asObject(rule['match']))) {
      const kinds = asStrings(resources['kinds']);
      const operations = asStrings(resources['operations']);
      const own = kinds.length === 0 ? [everything] : kinds.flatMap(interestsOfKind);
      for (const interest of own) {
        const stated = operations.length === 0 ? interest : { ...interest, operations };
        found.set(JSON.stringify(stated), stated);
      }
    }
  return [...found.values()];
}

function filtersOf(match: JsonObject | undefined): readonly JsonObject[] {
  const listed = [...asArray(match?.['any']), ...asArray(match?.['all'])];
  return (listed.length === 0 ? [match] : listed).map((filter) => asObject(asObject(filter)?.['resources']) ?? {});
}

function interestsOfKind(text: string): readonly PolicyInterest[] {
  const { group, kind, subresource } = parseKindSelector(text);
  if (hasWildcard(kind)) return [everything];
  const known = mappingsOfKind(kind).filter((mapping) => hasWildcard(group) || mapping.group === group);
  const groups = hasWildcard(group) ? ['*'] : [group];
  if (known.length === 0) return [{ ...everything, groups }];
  const suffix = hasWildcard(subresource) ? '/*' : subresource === '' ? '' : `/${subresource}`;
  const plurals = [...new Set(known.map(({ resource }) => resource))];
  const resources = plurals.flatMap((plural) => [
    ...(suffix === '/*' ? [plural] : []),
    `${plural}${suffix}`,
    // A rule on Pods also sees the containers added to them.
    ...(kind === 'Pod' && suffix === '' ? [`${plural}/ephemeralcontainers`] : []),
  ]);
  return [{ groups, resources, operations: ['*'] }];
}

/** Of a CEL policy: its matchConstraints, and those made for controllers. */
export function interestsOfConstraints(spec: JsonObject): readonly PolicyInterest[] {
  const constraints = [
    asObject(spec['matchConstraints']),
    ...controllerMatches(spec).map((made) => made.matchConstraints),
  ];
  return constraints.flatMap((each) =>
    asArray(each?.['resourceRules']).map((item) => {
      const rule = asObject(item) ?? {};
      const isExact = each?.['matchPolicy'] === 'Exact';
      return {
        // Equivalent, which is the default: the same resource in other groups counts as well.
        groups: isExact ? asStrings(rule['apiGroups']) : ['*'],
        resources: asStrings(rule['resources']),
        operations: asStrings(rule['operations']),
      };
    }),
  );
}

// SPDX-License-Identifier: Apache-2.0
// The syntax of kinds in match and exclude (Kyverno pkg/utils/kube/kind.go): `Pod`, `v1/Pod`, `apps/v1/Deployment`, `Pod/exec`, `Pod.status`,
// `apps/*/Deployment`, `*` and `*/*`, with wildcards everywhere.
import { matchesWildcard } from '../../formats/wildcard.ts';

export interface ResourceKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly subresource: string;
}

export interface KindSelector {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** Empty: the resource itself. */
  readonly subresource: string;
  /** Whether the kind is meant in upper and lower case. */
  readonly isInAnyCase?: true;
}

const versionForm = /^v[0-9](?:(?:alpha|beta)[0-9])?|^\*$/;

export function parseKindSelector(text: string): KindSelector {
  const parts = text.split('/');
  const last = parts.at(-1) ?? '';
  // `Pod.status` is `Pod/status`.
  const dot = last.indexOf('.');
  const all = dot > 0 ? [...parts.slice(0, -1), last.slice(0, dot), last.slice(dot + 1)] : parts;
  const [first = '', second = '', third = '', fourth = ''] = all;
  switch (all.length) {
    case 1:
      return { group: '*', version: '*', kind: first, subresource: '' };
    case 2:
      if (first === '*' && second === '*') return { group: '*', version: '*', kind: '*', subresource: '*' };
      // `*/status` is a subresource, `*/Pod` a kind in any version.
      if (first === '*' && second.toLowerCase() === second)
        return { group: '*', version: '*', kind: first, subresource: second };
      if (versionForm.test(first)) return { group: '*', version: first, kind: second, subresource: '' };
      return { group: '*', version: '*', kind: first, subresource: second };
    case 3:
      if (all.every((part) => part === '*')) return { group: '*', version: '*', kind: '*', subresource: '*' };
      if (versionForm.test(first) && first !== '*')
        return { group: '*', version: first, kind: second, subresource: third };
      return { group: first, version: second, kind: third, subresource: '' };
    default:
      return { group: first, version: second, kind: third, subresource: fourth };
  }
}

/** The same kind, whatever the case it is written in. */
export function inAnyCase(selector: KindSelector): KindSelector {
  return { ...selector, kind: selector.kind.toLowerCase(), isInAnyCase: true };
}

/** Whether a resource is of a kind. A rule on Pods also sees ephemeral containers added to them. */
export function matchesKind(selector: KindSelector, resource: ResourceKind): boolean {
  if (
    !matchesWildcard(selector.kind, selector.isInAnyCase === true ? resource.kind.toLowerCase() : resource.kind) ||
    !matchesWildcard(selector.version, resource.version) ||
    !matchesWildcard(selector.group, resource.group)
  )
    return false;
  if (matchesWildcard(selector.subresource, resource.subresource)) return true;
  return resource.kind === 'Pod' && resource.group === '' && resource.subresource === 'ephemeralcontainers';
}

// SPDX-License-Identifier: Apache-2.0
// `uses:` of GitHub workflows and composite actions as packages: actions and reusable workflows of repositories (purl type github),
// container images (docker) and folders of the same repository.
// https://docs.github.com/actions/reference/workflow-syntax-for-github-actions#jobsjob_idstepsuses
import type { Location } from '../../model/location.ts';
import type { Package } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import { formatPurl } from '../../model/purl.ts';
import { imagePackage, parseImageReference } from './image-reference.ts';
import { mergePackages } from './merge.ts';

export type UseKind = 'action' | 'reusable workflow';

export interface UseStatement {
  readonly kind: UseKind;
  /** The value of `uses`. */
  readonly text: string;
  readonly location: Location;
  /** The comment behind it, where people write the version that a commit stands for. */
  readonly comment: string;
}

/** Undefined for what is no valid `uses` (no reference, an expression). */
export function packageOfUse(use: UseStatement): Package | undefined {
  const text = use.text.trim();
  if (text.startsWith('docker://')) {
    const image = parseImageReference(text.slice('docker://'.length));
    return image === undefined ? undefined : imagePackage(image, use.location, 'build');
  }
  if (/^\.{1,2}\//.test(text)) return localPackage(text, use);
  return repositoryPackage(text, use);
}

/** One package per image, action and reference, with all places. */
export function packagesOfUses(uses: readonly UseStatement[]): Package[] {
  return mergePackages(uses.map(packageOfUse).filter((item) => item !== undefined));
}

function localPackage(text: string, use: UseStatement): Package {
  return packageOf({
    name: text,
    version: '',
    type: 'github',
    scope: 'build',
    relationship: 'workspace',
    locations: [use.location],
    facts: { other: { kind: use.kind } },
  });
}

/** `owner/repository[/path]@reference`: the repository is what advisories speak of, the path goes into the purl. */
function repositoryPackage(text: string, use: UseStatement): Package | undefined {
  const at = text.lastIndexOf('@');
  const reference = text.slice(at + 1);
  const [owner = '', repository = '', ...inner] = text.slice(0, Math.max(0, at)).split('/');
  if (owner === '' || repository === '' || reference === '' || text.includes('${{')) return undefined;
  const isCommit = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(reference);
  const version = (isCommit ? versionInComment(use.comment) : undefined) ?? reference;
  const subpath = inner.join('/');
  const name = `${owner}/${repository}`;
  const purl = formatPurl({ type: 'github', namespace: owner, name: repository, version, subpath });
  return packageOf({
    id: [`${name}@${version}`, isCommit ? `#${reference}` : '', subpath === '' ? '' : ` (${subpath})`].join(''),
    name,
    version,
    type: 'github',
    ...(purl === undefined ? {} : { purl }),
    scope: 'build',
    relationship: 'direct',
    locations: [use.location],
    facts: {
      ...(isCommit ? { commit: reference } : {}),
      other: { kind: use.kind, ...(subpath === '' ? {} : { path: subpath }) },
    },
  });
}

/** `v4.2.2`, `v 11`, `tag=v3.0.0`, `ratchet:actions/checkout@v4`: the version at the beginning of a comment. */
function versionInComment(comment: string): string | undefined {
  const [first = '', second = ''] = comment.trim().slice(0, 200).split(/\s+/);
  const word =
    first === 'v' ? second : first.slice(Math.max(...['@', '=', ':'].map((sign) => first.lastIndexOf(sign))) + 1);
  return /^v?[0-9][0-9A-Za-z.+_-]*$/.test(word) ? word : undefined;
}

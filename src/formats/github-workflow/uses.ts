// SPDX-License-Identifier: Apache-2.0
// What stands behind `uses:`: an action or workflow of a repository, an image, or something of the same tree.
// https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsuses

import type { ImageName } from './image-name.ts';
import { parseImageName } from './image-name.ts';

export interface RepositoryUses {
  readonly kind: 'repository';
  readonly owner: string;
  readonly repository: string;
  /** Folder of the action or file of the workflow in the repository, as written. */
  readonly path?: string;
  /** Branch, tag or commit; absent only where the text has none, which GitHub refuses. */
  readonly ref?: string;
}

export interface DockerUses {
  readonly kind: 'docker';
  readonly image: ImageName;
}

export interface LocalUses {
  readonly kind: 'local';
  /** As written: `./.github/actions/x`, `$/x`. */
  readonly path: string;
  /** `workspace`: what is checked out; `repository`: the commit of the workflow itself (`$/`). */
  readonly root: 'workspace' | 'repository';
}

export interface MalformedUses {
  readonly kind: 'malformed';
  readonly reason: string;
}

export type Uses = RepositoryUses | DockerUses | LocalUses | MalformedUses;

/** Never throws; what is none of the three kinds is `malformed`. */
export function parseUses(text: string): Uses {
  if (text.startsWith('./') || text.startsWith('../') || text === '.')
    return { kind: 'local', path: text, root: 'workspace' };
  if (text.startsWith('$/')) return { kind: 'local', path: text, root: 'repository' };
  if (text.startsWith('docker://')) return { kind: 'docker', image: parseImageName(text.slice('docker://'.length)) };
  return parseRepositoryUses(text);
}

/** `owner/repository/path@ref`. */
export function parseRepositoryUses(text: string): RepositoryUses | MalformedUses {
  const at = text.lastIndexOf('@');
  const slug = at === -1 ? text : text.slice(0, at);
  const ref = at === -1 ? undefined : text.slice(at + 1);
  const [owner = '', repository = '', ...path] = slug.split('/');
  if (owner === '' || repository === '') return { kind: 'malformed', reason: 'not of the form owner/repository@ref' };
  return {
    kind: 'repository',
    owner,
    repository,
    ...(path.length === 0 ? {} : { path: path.join('/') }),
    ...(ref === undefined ? {} : { ref }),
  };
}

/** A full commit id, SHA-1 or SHA-256. */
export function isCommitId(ref: string): boolean {
  return /^(?:[0-9a-fA-F]{40}|[0-9a-fA-F]{64})$/.test(ref);
}

/** `owner/repository` in lower case: GitHub does not tell cases apart. */
export function repositorySlug(uses: RepositoryUses): string {
  return `${uses.owner}/${uses.repository}`.toLowerCase();
}

/**
 * `owner/repository/path` in lower case, as written: `actions/checkout/` and `actions/./checkout` are not `actions/checkout`. They are findings of
 * their own, and zizmor does not look through them either.
 */
export function actionSlug(uses: RepositoryUses): string {
  return [uses.owner, uses.repository, ...(uses.path === undefined ? [] : [uses.path])].join('/').toLowerCase();
}

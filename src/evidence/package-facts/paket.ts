// SPDX-License-Identifier: Apache-2.0
// What the readers of Paket's files share.
import type { Package, Scope } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import { formatPurl } from '../../model/purl.ts';

/** Groups have free names; those of the Paket documentation say what they are for. */
export function scopeOfPaketGroup(group: string): Scope {
  if (/^test/i.test(group)) return 'test';
  return /^build/i.test(group) ? 'build' : 'runtime';
}

/** A file or project of a GitHub repository, `owner/name`; `version` is a tag, a branch or a commit. */
export function githubPackage(repository: string, version: string, parts: Partial<Package>): Package {
  const [namespace = '', name = ''] = repository.split('/');
  const purl = formatPurl({ type: 'github', namespace: namespace.toLowerCase(), name: name.toLowerCase(), version });
  const isCommit = /^[0-9a-f]{30,40}$/.test(version);
  const facts = { ...parts.facts, ...(isCommit ? { commit: version } : {}) };
  return packageOf({
    name: repository,
    version,
    type: 'github',
    ...(purl === undefined ? {} : { purl }),
    ...parts,
    facts,
  });
}

// SPDX-License-Identifier: Apache-2.0
// GitHub Actions by `owner/repository`. A tag such as `v4` moves with every release of that line, so it stands for the newest of it;
// a commit or a branch is no version.
import { languageMatcher } from '../language-matcher.ts';

export const githubActions = languageMatcher({
  id: 'github-actions',
  types: ['githubactions', 'github'],
  ecosystem: 'GitHub Actions',
  nameOf: (item) => (item.name.includes('/') ? item.name : undefined),
  versionOf: (item) => newestOfLine(item.version),
});

/** `v4` is compared as 4.999999.999999; undefined for commits and branches. */
function newestOfLine(reference: string): string | undefined {
  const match = /^v?(\d{1,9})(?:\.(\d{1,9}))?(\.\d{1,9}.{0,64})?$/.exec(reference.trim());
  if (match === null) return undefined;
  const [, major = '', minor = '999999', rest = '.999999'] = match;
  return `${major}.${minor}${rest}`;
}

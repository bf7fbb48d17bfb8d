// SPDX-License-Identifier: Apache-2.0
// etc/apk/repositories: the addresses that Alpine's packages come from tell its release.
import type { Distribution } from '../../model/package.ts';

/** The newest release that the addresses of Alpine's own servers name; undefined without one. Mirrors may hold other systems. */
export function alpineRelease(text: string): Distribution | undefined {
  const found = text.split('\n').flatMap((line) => {
    const match = /^https?:\/\/[^/\s]{1,200}\.alpinelinux\.[a-z]{2,10}\/alpine\/v(\d{1,3})\.(\d{1,3})\//.exec(
      line.trim(),
    );
    return match === null ? [] : [{ major: Number(match[1]), minor: Number(match[2]) }];
  });
  const [newest] = found.toSorted((a, b) => b.major - a.major || b.minor - a.minor);
  if (newest === undefined) return undefined;
  const versionId = `${newest.major}.${newest.minor}`;
  return { id: 'alpine', idLike: [], versionId, name: `Alpine Linux v${versionId}` };
}

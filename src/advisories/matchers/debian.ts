// SPDX-License-Identifier: Apache-2.0
// Packages of Debian, Ubuntu and their children. Both trackers speak of source packages.
import type { Package, SourcePackage } from '../../model/package.ts';
import { extendedReleases, proRelease } from '../extended-support.ts';
import { systemMatcher } from '../system-matcher.ts';

export const debian = systemMatcher({
  id: 'debian',
  types: ['deb'],
  // Extended security maintenance marks its builds; its advisories are for those, and for systems that follow it.
  extraReleases: (item, releases, distribution) =>
    /[+~]esm\d/.test(item.version) ? releases.flatMap(proRelease) : extendedReleases(distribution, releases),
  isUnrelatedSource: isKernelHeader,
});

/** Headers carry no kernel code: hundreds of false findings in other scanners (anchore/grype issue 942). */
function isKernelHeader(item: Package, source: SourcePackage): boolean {
  return (
    /^linux(?:-|$)/.test(source.name) &&
    (item.name === 'linux-libc-dev' || /^linux-(?:.{0,64}-)?headers-/.test(item.name))
  );
}

// SPDX-License-Identifier: Apache-2.0
// Platforms that an advisory names in CPE ("running on"): whether the system that was looked at can be one of them.
import { type Cpe, parseCpe } from '../formats/cpe.ts';
import type { Distribution } from '../model/package.ts';

/** True when nothing says otherwise: an unknown platform, a name that cannot be read, or a system that is not known. */
export function isPossiblePlatform(platform: string, distribution: Distribution | undefined): boolean {
  const cpe = parseCpe(platform);
  if (cpe === undefined) return true;
  // Plugins of WordPress are no packages of any kind that is looked up.
  if (cpe.vendor === 'wordpress') return false;
  const wanted = distributionOfPlatform(cpe);
  if (wanted === undefined || distribution === undefined || distribution.id === '') return true;
  return distribution.id.toLowerCase() === wanted;
}

/** Id of os-release(5) for the systems that NVD names as platforms. */
function distributionOfPlatform({ vendor, product = '' }: Cpe): string | undefined {
  if (vendor === 'microsoft' && product.startsWith('windows')) return 'windows';
  if (vendor === 'debian' && (product === 'debian_linux' || product === 'linux')) return 'debian';
  if (vendor === 'ubuntu' || (vendor === 'canonical' && product === 'ubuntu_linux')) return 'ubuntu';
  return undefined;
}

/** One of the platforms is enough; none named means all. */
export function isOnPlatform(
  platforms: readonly string[] | undefined,
  distribution: Distribution | undefined,
): boolean {
  return (
    platforms === undefined ||
    platforms.length === 0 ||
    platforms.some((platform) => isPossiblePlatform(platform, distribution))
  );
}

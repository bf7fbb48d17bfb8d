// SPDX-License-Identifier: Apache-2.0
// Namespaces of the records that the vunnel collectors write (`debian:12`, `rhel:9.4+eus`, `github:python`): which ecosystem they are.
import { releaseAndChannels } from '../formats/os-release.ts';
import type { Distribution } from '../model/package.ts';
import { distributionIdOf, releasesOf } from './distributions.ts';
import { extendedReleases } from './extended-support.ts';
import { ecosystemKey } from './feed-facts.ts';

const sources: ReadonlyMap<string, string> = new Map([
  ['amzn', 'amazon'],
  ['azurelinux', 'azure-linux'],
  ['github', 'ghsa'],
  ['mariner', 'azure-linux'],
  ['ol', 'oracle'],
  ['rhel', 'redhat'],
  ['sles', 'suse'],
  ['wolfi', 'chainguard'],
]);

/** `ubuntu:22.04+esm`: the system, as os-release(5) would tell. Mariner's third release is Azure Linux. */
export function distributionOfNamespace(namespace: string): Distribution | undefined {
  const colon = namespace.indexOf(':');
  if (colon <= 0) return undefined;
  const name = namespace.slice(0, colon).toLowerCase();
  const { versionId, channels } = releaseAndChannels(namespace.slice(colon + 1));
  const id = name === 'mariner' && Number.parseInt(versionId, 10) >= 3 ? 'azurelinux' : name;
  const known = distributionIdOf({ id, idLike: [], name });
  if (known === undefined) return undefined;
  return {
    id: known,
    idLike: [],
    versionId: versionId === 'rolling' ? '' : versionId,
    name,
    ...(channels === undefined ? {} : { channels }),
  };
}

/** The ecosystem that holds the advisories of a namespace; undefined for one that nothing here asks for. */
export function ecosystemOfNamespace(namespace: string): string | undefined {
  const [first = '', ...rest] = namespace.split(':');
  if (first === 'github') return rest.length === 0 ? undefined : ecosystemKey(rest.join(':'));
  const distribution = distributionOfNamespace(namespace);
  if (distribution === undefined) return undefined;
  const releases = releasesOf(distribution);
  return extendedReleases(distribution, releases)[0] ?? releases[0];
}

/** Key of the attribution table for a namespace. */
export function sourceOfNamespace(namespace: string): string {
  const first = namespace.split(':')[0]?.toLowerCase() ?? '';
  return sources.get(first) ?? first;
}

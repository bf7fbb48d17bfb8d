// SPDX-License-Identifier: Apache-2.0
// All names of one image. Kyverno compares imageReferences with one of them, so that who writes another is past the rule: `library/` left out or written,
// another host of Docker Hub, a host in upper case or with the port that it has anyway, a digest in the place of a tag. With strict hardening any counts.
import { matchesWildcard } from '../../../formats/wildcard.ts';
import type { ImageInfo } from '../../image-info.ts';

const hubHosts: readonly string[] = ['docker.io', 'index.docker.io', 'registry-1.docker.io'];

/** Whether a reference of a rule is about an image, whichever way the image is named. */
export function isNamedByAnyName(pattern: string, info: ImageInfo): boolean {
  const { tag, digest } = info;
  const bare = repositoriesOf(info);
  const whole = bare.flatMap((name) => [
    ...(tag === '' ? [] : [`${name}:${tag}`]),
    ...(digest === '' ? [] : [`${name}@${digest}`]),
  ]);
  if (whole.some((name) => matchesWildcard(pattern, name))) return true;
  if (digest === '' || tag !== '') return false;
  // Nobody knows which tag a digest had: it may be the one that is named.
  const untagged = pattern.replace(/:[^/:@]*$/, '');
  return untagged !== pattern && bare.some((name) => matchesWildcard(untagged, name));
}

function repositoriesOf({ registry, path }: ImageInfo): readonly string[] {
  const host = registry.toLowerCase().replace(/:443$/, '');
  if (!hubHosts.includes(host)) return [...new Set([`${registry}/${path}`, `${host}/${path}`, `${host}:443/${path}`])];
  const paths = path.includes('/') ? [path, path.replace(/^library\//, '')] : [path, `library/${path}`];
  return hubHosts.flatMap((hub) => paths.map((each) => `${hub}/${each}`));
}

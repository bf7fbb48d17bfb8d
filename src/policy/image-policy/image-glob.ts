// SPDX-License-Identifier: Apache-2.0
// Patterns of image names in a ClusterImagePolicy: `*` within one part, `**` across parts. Short names mean Docker Hub, as in references. An image
// has several names: whole, by its tag, by its digest. A pattern that matches one of them is about it.
import type { Reference } from '../../formats/oci/reference.ts';
import { defaultRegistry, parseReference } from '../../formats/oci/reference.ts';

const hub = `index.${defaultRegistry}`;

export function isImageGlob(glob: string): boolean {
  return glob.length <= 512 && /^[A-Za-z0-9_:/*.@-]+$/.test(glob);
}

/** Answers given lately: a cluster asks about the same few images for every Pod. */
const known = new Map<string, boolean>();
const mostKnown = 5_000;
const longestKnown = 1_024;

/** `image` as somebody typed it; a name that is none matches only as it stands. */
export function matchesImage(glob: string, image: string): boolean {
  const key = `${glob} ${image}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  const whole = wholeGlob(glob);
  const answer = namesOf(image).some((name) => matches(whole, name));
  if (known.size >= mostKnown) known.clear();
  if (key.length <= longestKnown) known.set(key, answer);
  return answer;
}

function namesOf(image: string): readonly string[] {
  const parsed = parseReference(image);
  if (parsed.kind === 'invalid') return [image.slice(0, 1_024)];
  const { tag, digest } = parsed.reference;
  const place = placeOf(parsed.reference);
  const tagged = tag === undefined && digest !== undefined ? [] : [`${place}:${tag ?? 'latest'}`];
  const pinned = digest === undefined ? [] : [`${place}@${digest}`, ...tagged.map((name) => `${name}@${digest}`)];
  // Without tag and digest it is known by its repository as well: a pattern without a tag means that. So is what such a name is pinned to.
  const isBare = digest === undefined ? tag === undefined : tag === 'latest';
  return [...(isBare ? [place] : []), ...tagged, ...pinned];
}

function placeOf({ registry, repository }: Reference): string {
  return `${registry === defaultRegistry ? hub : registry}/${repository}`;
}

function wholeGlob(glob: string): string {
  if (glob.startsWith('**')) return glob;
  // Matches policy-controller because a lone star is no host there (pkg/apis/glob).
  if (glob === '*/*') return `${hub}/*/*`;
  const [first = '', ...rest] = glob.split('/');
  if (rest.length === 0) return `${hub}/library/${glob}`;
  if (first === defaultRegistry) return [hub, ...rest].join('/');
  const isHost = /[.:*]/.test(first) || first === 'localhost';
  return isHost ? glob : `${hub}/${glob}`;
}

/** One row of a table for each token: never worse than the product of both lengths. */
function matches(glob: string, text: string): boolean {
  let reachable = new Set([0]);
  for (const token of glob.match(/\*\*|\*|[^*]/g) ?? []) {
    const next = new Set<number>();
    let open = false;
    for (let at = 0; at <= text.length; at += 1) {
      const here = reachable.has(at);
      if (token.startsWith('*')) {
        open = here || (open && (token === '**' || text[at - 1] !== '/'));
        if (open) next.add(at);
      } else if (here && text[at] === token) next.add(at + 1);
    }
    reachable = next;
  }
  return reachable.has(text.length);
}

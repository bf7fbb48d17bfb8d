// SPDX-License-Identifier: Apache-2.0
// Patterns of image names in a ClusterImagePolicy: `*` within one part, `**` across parts. Short names mean Docker Hub, as in references.

const hub = 'index.docker.io';

export function isImageGlob(glob: string): boolean {
  return glob.length <= 512 && /^[A-Za-z0-9_:/*.@-]+$/.test(glob);
}

/** `image` is a whole reference (`index.docker.io/library/nginx:1`). */
export function matchesImage(glob: string, image: string): boolean {
  return matches(wholeGlob(glob), image);
}

function wholeGlob(glob: string): string {
  if (glob.startsWith('**')) return glob;
  const [first = '', ...rest] = glob.split('/');
  if (rest.length === 0) return `${hub}/library/${glob}`;
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

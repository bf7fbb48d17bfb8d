// SPDX-License-Identifier: Apache-2.0
// Names in archives as paths inside a root: no leading slash, no `.`, no `..`, no empty parts.

/** Undefined when the name leaves the root through `..` or holds a NUL. The root itself is the empty text. */
export function pathInRoot(name: string): string | undefined {
  // The usual name needs no work: `./usr/bin/env` or `usr/bin/env`.
  const start = name.startsWith('./') ? 2 : 0;
  if (!oddName.test(name)) return start === 0 ? name : name.slice(start);
  const parts: string[] = [];
  for (const part of name.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  const path = parts.join('/');
  return path.includes('\0') ? undefined : path;
}

/** Anything but plain parts after an optional `./`. */
const oddName = /^\/|\/\/|\/\.{1,2}(?:\/|$)|^\.{1,2}$|^\.\.\/|\/$|\0/;

/** Where a symbolic link at `path` leads, as a path in the root: `..` above the root stays at the root, as in a chroot. */
export function linkTarget(path: string, target: string): string {
  const parts = target.startsWith('/') ? [] : path.split('/').slice(0, -1);
  for (const part of target.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}

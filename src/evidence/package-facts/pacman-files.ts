// SPDX-License-Identifier: Apache-2.0
// Files of an Arch Linux package: the sections FILES and BACKUP of its database entry, and the mtree beside it.
import { gunzipSync } from 'node:zlib';
import type { Digest } from '../../model/digest.ts';
import { digestOf } from '../../model/digest.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { PackageFile } from '../../model/package.ts';
import { isFile, mergedFiles, ownedFile, ownedPath } from './owned-files.ts';

/** Sections of `files` (or of a `desc` that holds them), and the compressed mtree if there is one. */
export function pacmanFiles(
  sections: ReadonlyMap<string, readonly string[]>,
  mtree: Uint8Array | undefined,
): readonly PackageFile[] {
  const listed = (sections.get('FILES') ?? [])
    .filter((path) => !path.endsWith('/'))
    .map((path) => ownedFile(ownedPath('', path), {}));
  const backup = (sections.get('BACKUP') ?? []).map((line) => {
    const [path = '', md5 = ''] = line.split(/\s+/);
    return ownedFile(ownedPath('', path), { digest: digestOf('md5', md5), isConfig: true });
  });
  const described = mtree === undefined ? [] : mtreeFiles(mtree);
  return mergedFiles([listed.filter(isFile), backup.filter(isFile), described]);
}

/** mtree(5) as makepkg writes it: `./usr/bin/a time=1.0 mode=755 size=3 sha256digest=...`; `/set` gives defaults. Empty when broken. */
function mtreeFiles(compressed: Uint8Array): readonly PackageFile[] {
  let text: string;
  try {
    text = gunzipSync(compressed, { maxOutputLength: defaultLimits.manifestBytes }).toString('utf8');
  } catch {
    return [];
  }
  const files: (PackageFile | undefined)[] = [];
  let defaults = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [name = '', ...words] = line.trim().split(/\s+/);
    const values = new Map(words.map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]));
    if (name === '/set') defaults = new Map([...defaults, ...values]);
    const value = (key: string): string | undefined => values.get(key) ?? defaults.get(key);
    // Names that begin with a dot belong to the archive: .BUILDINFO, .PKGINFO, .INSTALL.
    if (!name.startsWith('./') || name.startsWith('./.') || value('type') === 'dir') continue;
    const size = value('size');
    const mode = value('mode');
    files.push(
      ownedFile(ownedPath('', unescaped(name)), {
        digest: digestIn(value),
        size: size === undefined ? undefined : Number(size) || 0,
        mode: mode === undefined ? undefined : Number.parseInt(mode, 8) || 0,
      }),
    );
  }
  return files.filter(isFile);
}

function digestIn(value: (key: string) => string | undefined): Digest | undefined {
  return digestOf('sha256', value('sha256digest') ?? '') ?? digestOf('md5', value('md5digest') ?? '');
}

/** Bytes that are no plain characters stand as three octal digits. */
function unescaped(name: string): string {
  if (!name.includes('\\')) return name;
  const bytes = name.replace(/\\([0-3][0-7]{2})/g, (_text, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

// SPDX-License-Identifier: Apache-2.0
// Finds a pack on disk and unpacks it once into a cache keyed by the digest of the archive.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const defaultFolder = fileURLToPath(new URL('../../../shared/conformance/', import.meta.url));

/** Folder with the archives: $LANDWAITER_CONFORMANCE, else ../shared/conformance beside the checkout. */
export function packFolder(): string {
  return process.env['LANDWAITER_CONFORMANCE'] ?? defaultFolder;
}

/** Path of the unpacked pack, or undefined when the archive is not on this disk. */
export function unpackedRoot(pack: string): string | undefined {
  const archive = join(packFolder(), `${pack}.tar.gz`);
  if (!existsSync(archive)) return undefined;
  const digest = createHash('sha256').update(readFileSync(archive)).digest('hex').slice(0, 16);
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'landwaiter', 'conformance');
  const target = join(cache, `${pack}-${digest}`);
  if (!existsSync(target)) {
    mkdirSync(cache, { recursive: true });
    const temporary = mkdtempSync(join(cache, 'unpacking-'));
    execFileSync('tar', ['xzf', archive, '-C', temporary]);
    try {
      renameSync(temporary, target);
    } catch {
      rmSync(temporary, { recursive: true, force: true });
    }
  }
  return join(target, pack);
}

/** The folder to read cases from: `--cases DIR` (the pack's folder, or one that contains it), else the archive. */
export function rootOf(pack: string, casesDirectory: string | undefined): string | undefined {
  if (casesDirectory === undefined) return unpackedRoot(pack);
  const inner = join(casesDirectory, pack);
  return existsSync(inner) ? inner : casesDirectory;
}

// SPDX-License-Identifier: Apache-2.0
// Loadable modules of the Linux kernel: what their section .modinfo says. https://docs.kernel.org/kbuild/modules.html
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { keyValueSection, readElf } from '../../formats/elf.ts';
import { sectionBytes } from '../../formats/executable-image.ts';
import { unpackXz } from '../../formats/xz.ts';
import { messageOf } from '../../model/error.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { Package } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import { formatPurl } from '../../model/purl.ts';
import type { SourceFile } from '../../sources/source.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const linuxKernelModule = defineCataloger({
  id: 'linux-kernel-module',
  title: '*.ko, *.ko.gz, *.ko.xz, *.ko.zst',
  ecosystems: ['generic'],
  kind: 'installed',
  files: ['**/*.ko', '**/*.ko.gz', '**/*.ko.xz', '**/*.ko.zst'],
  // A kernel has thousands of modules: one list for each kernel.
  gather: { placeOf: kernelOf, link: (packages) => packages },
  capabilities: {
    versions: 'exact',
    dependencies: 'none',
    scopes: false,
    licenses: true,
    digests: false,
    lines: false,
    gaps: ['most modules of the kernel itself state no version of their own; the kernel they are built for is a fact'],
  },
  parse: parseModule,
});

/** `lib/modules/6.1.0-28-amd64/kernel/...` -> `lib/modules/6.1.0-28-amd64`. */
function kernelOf(path: string): string {
  return /^(.*(?:^|\/)lib\/modules\/[^/]{1,200})\//.exec(path)?.[1] ?? path;
}

function parseModule(file: SourceFile): CatalogResult {
  const bytes = unpacked(file);
  if (typeof bytes === 'string') {
    return {
      packages: [],
      problems: [{ kind: 'syntax', message: bytes, location: { path: file.path }, hidesFindings: false }],
    };
  }
  const image = readElf(bytes);
  const section = image === undefined ? undefined : sectionBytes(image, '.modinfo');
  if (section === undefined) return { packages: [], problems: [] };
  return { packages: [packageOfModule(keyValueSection(section), file.path)], problems: [] };
}

/** The module, or why it could not be unpacked. */
function unpacked(file: SourceFile): Uint8Array | string {
  const limit = { maxOutputLength: defaultLimits.manifestBytes };
  try {
    if (file.path.endsWith('.gz')) return gunzipSync(file.bytes, limit);
    if (file.path.endsWith('.zst')) return zstdDecompressSync(file.bytes, limit);
    if (file.path.endsWith('.xz')) return unxz(file.bytes);
    return file.bytes;
  } catch (error) {
    return `the module could not be unpacked: ${messageOf(error)}`;
  }
}

function unxz(bytes: Uint8Array): Uint8Array | string {
  const result = unpackXz(bytes, defaultLimits.manifestBytes);
  return result.kind === 'bytes' ? result.bytes : `the module could not be unpacked: ${result.message}`;
}

/** Modules that state no name (before Linux 4.13) are called as their file. */
function packageOfModule(values: ReadonlyMap<string, string>, path: string): Package {
  const fileName = path.slice(path.lastIndexOf('/') + 1).replace(/\.ko(?:\.\w+)?$/, '');
  const name = values.get('name') ?? fileName;
  const version = values.get('version') ?? '';
  const kernel = values.get('vermagic')?.split(' ')[0] ?? '';
  const purl = formatPurl({ type: 'generic', name, version });
  const text = (key: string): string | undefined => values.get(key) || undefined;
  const description = text('description');
  const author = text('author');
  const license = text('license');
  return packageOf({
    name,
    version,
    type: 'generic',
    ...(purl === undefined ? {} : { purl }),
    locations: [{ path }],
    licenses: license === undefined ? [] : [license],
    facts: {
      ...(description === undefined ? {} : { description }),
      ...(author === undefined ? {} : { author }),
      other: {
        ...(kernel === '' ? {} : { kernel }),
        ...(values.has('srcversion') ? { 'source-version': values.get('srcversion') ?? '' } : {}),
      },
    },
  });
}

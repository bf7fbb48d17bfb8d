// SPDX-License-Identifier: Apache-2.0
// The note in which a distribution writes which package an ELF file belongs to. https://uapi-group.org/specifications/specs/package_metadata_for_executable_files/
import { asObject, asString } from './document.ts';
import { elfNotes } from './elf.ts';
import type { ExecutableImage } from './executable-image.ts';

/** Fields of the note; those that are absent or no text are undefined. */
export interface ElfPackageNote {
  /** `rpm`, `deb`, `apk` ... */
  readonly type: string | undefined;
  readonly name: string | undefined;
  readonly version: string | undefined;
  readonly architecture: string | undefined;
  /** ID and VERSION_ID of os-release. */
  readonly os: string | undefined;
  readonly osVersion: string | undefined;
  readonly osCpe: string | undefined;
  readonly appCpe: string | undefined;
  readonly purl: string | undefined;
  readonly license: string | undefined;
  readonly vendor: string | undefined;
  readonly system: string | undefined;
  readonly commit: string | undefined;
  readonly sourceRepository: string | undefined;
}

const noteType = 0xcafe1a7e;

export type ElfPackageNoteResult =
  | { readonly kind: 'note'; readonly note: ElfPackageNote }
  | { readonly kind: 'broken'; readonly reason: string };

/** Undefined when the file has no such note. Never throws. */
export function readElfPackageNote(image: ExecutableImage): ElfPackageNoteResult | undefined {
  const found = elfNotes(image, '.note.package').find((note) => note.owner === 'FDO' && note.type === noteType);
  return found === undefined ? undefined : parseElfPackageNote(Buffer.from(found.bytes).toString('utf8'));
}

/** The JSON of a note, which may be padded with NULs. Both spellings of the operating system's CPE are in use; `osCpe` is the specified one. */
export function parseElfPackageNote(json: string): ElfPackageNoteResult {
  let value: unknown;
  try {
    value = JSON.parse(json.replace(/\0+$/, ''));
  } catch (error) {
    return { kind: 'broken', reason: error instanceof Error ? error.message : String(error) };
  }
  const object = asObject(value);
  if (object === undefined) return { kind: 'broken', reason: 'not an object' };
  const text = (...names: readonly string[]): string | undefined =>
    names.map((name) => asString(object[name])).find((item) => item !== undefined && item !== '');
  return {
    kind: 'note',
    note: {
      type: text('type'),
      name: text('name'),
      version: text('version'),
      architecture: text('architecture'),
      os: text('os'),
      osVersion: text('osVersion'),
      osCpe: text('osCpe', 'osCPE'),
      appCpe: text('appCpe', 'appCPE'),
      purl: text('purl'),
      license: text('license'),
      vendor: text('vendor', 'maintainer', 'sourceVendor'),
      system: text('system'),
      commit: text('commit'),
      sourceRepository: text('sourceRepo'),
    },
  };
}

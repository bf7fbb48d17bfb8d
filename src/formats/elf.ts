// SPDX-License-Identifier: Apache-2.0
// ELF files, 32 and 64 bits, both byte orders: sections, loaded segments, needed libraries and notes.
// https://refspecs.linuxfoundation.org/elf/gabi4+/contents.html (chapters 4 and 5)
import type { ByteOrder } from './byte-view.ts';
import { ByteView, bufferOf } from './byte-view.ts';
import type { ExecutableImage, ImageSection } from './executable-image.ts';
import { bytesAt, maximumLibraries, maximumSections } from './executable-image.ts';

export interface ElfNote {
  /** `GNU`, `FDO`, `Go` ... */
  readonly owner: string;
  readonly type: number;
  readonly bytes: Uint8Array;
}

/** e_machine -> Go's name. */
const architectures: Readonly<Record<number, string>> = {
  3: '386',
  8: 'mips',
  20: 'ppc',
  21: 'ppc64',
  22: 's390x',
  40: 'arm',
  62: 'amd64',
  183: 'arm64',
  243: 'riscv64',
  258: 'loong64',
};

interface Layout {
  readonly word: 4 | 8;
  readonly view: ByteView;
}

/** Undefined when the bytes are not ELF. Never throws; tables that are cut off give what they hold. */
export function readElf(bytes: Uint8Array): ExecutableImage | undefined {
  if (bytes.length < 52 || new ByteView(bytes, 'big').u32(0) !== 0x7f454c46) return undefined;
  const word = bytes[4] === 2 ? 8 : 4;
  const order: ByteOrder = bytes[5] === 2 ? 'big' : 'little';
  const layout: Layout = { word, view: new ByteView(bytes, order) };
  const machine = architectures[layout.view.u16(18)] ?? '';
  const image = {
    format: 'elf' as const,
    architecture: machine === 'ppc64' && order === 'little' ? 'ppc64le' : machine,
    byteOrder: order,
    pointerSize: layout.word,
    sections: readSections(layout),
    segments: readSegments(layout),
    bytes,
  };
  return { ...image, libraries: readLibraries({ ...image, libraries: [] }) };
}

/** Header fields: offset in a 32-bit file, then in a 64-bit file. */
function field(layout: Layout, short: number, long: number): number {
  return layout.word === 8 ? long : short;
}

function readSections(layout: Layout): ImageSection[] {
  const { view, word } = layout;
  const start = view.word(field(layout, 32, 40), word);
  const size = view.u16(field(layout, 46, 58));
  if (start === 0 || size < (word === 8 ? 64 : 40)) return [];
  // More than 65,279 sections: the number stands in the first section's size, the name table's index in its link.
  const count = view.u16(field(layout, 48, 60)) || view.word(start + (word === 8 ? 32 : 20), word);
  const stated = view.u16(field(layout, 50, 62));
  const nameIndex = stated === 0xffff ? view.u32(start + (word === 8 ? 40 : 24)) : stated;
  const at = (index: number): number => start + index * size;
  const names = view.word(at(nameIndex) + (word === 8 ? 24 : 16), word);
  const sections: ImageSection[] = [];
  for (let index = 1; index < Math.min(count, maximumSections) && at(index) + size <= view.length; index += 1) {
    const header = at(index);
    const holdsNothing = view.u32(header + 4) === 8;
    const offset = view.word(header + (word === 8 ? 24 : 16), word);
    sections.push({
      name: view.text(names + view.u32(header), 256),
      address: view.word(header + (word === 8 ? 16 : 12), word),
      offset,
      size: holdsNothing ? 0 : inFile(view, offset, view.word(header + (word === 8 ? 32 : 20), word)),
      writable: (view.word(header + 8, word) & 1) === 1,
    });
  }
  return sections;
}

function readSegments(layout: Layout): ImageSection[] {
  const { view, word } = layout;
  const start = view.word(field(layout, 28, 32), word);
  const size = view.u16(field(layout, 42, 54));
  const count = view.u16(field(layout, 44, 56));
  if (start === 0 || size < (word === 8 ? 56 : 32)) return [];
  const segments: ImageSection[] = [];
  for (let index = 0; index < count && start + (index + 1) * size <= view.length; index += 1) {
    const header = start + index * size;
    if (view.u32(header) !== 1) continue;
    const offset = view.word(header + (word === 8 ? 8 : 4), word);
    segments.push({
      name: 'LOAD',
      address: view.word(header + (word === 8 ? 16 : 8), word),
      offset,
      size: inFile(view, offset, view.word(header + (word === 8 ? 32 : 16), word)),
      writable: (view.u32(header + (word === 8 ? 4 : 24)) & 2) === 2,
    });
  }
  return segments;
}

function inFile(view: ByteView, offset: number, size: number): number {
  return Math.max(0, Math.min(size, view.length - offset));
}

/** DT_NEEDED entries of the dynamic section. */
function readLibraries(image: ExecutableImage): string[] {
  const dynamic = image.sections.find((section) => section.name === '.dynamic');
  if (dynamic === undefined) return [];
  const view = new ByteView(image.bytes, image.byteOrder);
  const word = image.pointerSize;
  const offsets: number[] = [];
  let strings = 0;
  for (let at = dynamic.offset; at + 2 * word <= dynamic.offset + dynamic.size; at += 2 * word) {
    const tag = view.word(at, word);
    if (tag === 0 || offsets.length >= maximumLibraries) break;
    if (tag === 1) offsets.push(view.word(at + word, word));
    if (tag === 5) strings = view.word(at + word, word);
  }
  return offsets
    .map((offset) => new ByteView(bytesAt(image, strings + offset, 256)).text(0, 256))
    .filter((name) => name !== '');
}

/** Notes of one section. A note is owner size, content size, type, owner, content, each padded to four bytes. */
export function elfNotes(image: ExecutableImage, sectionName: string): ElfNote[] {
  const section = image.sections.find((item) => item.name === sectionName);
  if (section === undefined) return [];
  const view = new ByteView(new ByteView(image.bytes).slice(section.offset, section.size), image.byteOrder);
  const notes: ElfNote[] = [];
  for (let at = 0; at + 12 <= view.length && notes.length < 1_000; ) {
    const ownerSize = view.u32(at);
    const size = view.u32(at + 4);
    const content = at + 12 + padded(ownerSize);
    notes.push({
      owner: view.text(at + 12, Math.min(ownerSize, 256)),
      type: view.u32(at + 8),
      bytes: view.slice(content, size),
    });
    at = content + padded(size);
  }
  return notes;
}

function padded(size: number): number {
  return Math.ceil(size / 4) * 4;
}

/**
 * Texts that the Go linker set with `-X`: it keeps each under the name of its variable with `.str` behind it. By variable; empty for
 * programs without a symbol table.
 */
export function goLinkedTexts(image: ExecutableImage): ReadonlyMap<string, string> {
  const table = image.sections.find((section) => section.name === '.symtab');
  const strings = image.sections.find((section) => section.name === '.strtab');
  const found = new Map<string, string>();
  if (table === undefined || strings === undefined) return found;
  const wanted = namesEndingInStr(bufferOf(new ByteView(image.bytes).slice(strings.offset, strings.size)));
  if (wanted.size === 0) return found;
  const view = new ByteView(image.bytes, image.byteOrder);
  const word = image.pointerSize;
  const entry = word === 8 ? 24 : 16;
  for (let at = table.offset; at + entry <= table.offset + table.size; at += entry) {
    const name = wanted.get(view.u32(at));
    if (name === undefined) continue;
    const address = view.word(at + (word === 8 ? 8 : 4), word);
    const length = Math.min(view.word(at + (word === 8 ? 16 : 8), word), 256);
    found.set(
      name,
      bufferOf(bytesAt(image, address, length))
        .toString('latin1')
        .replace(/\0+$/, ''),
    );
  }
  return found;
}

/** Names without their `.str`, by offset in the table of names. */
function namesEndingInStr(strings: Buffer): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  const ending = Buffer.from('.str\0', 'latin1');
  for (let at = strings.indexOf(ending); at !== -1 && names.size < 10_000; at = strings.indexOf(ending, at + 1)) {
    const start = strings.lastIndexOf(0, at) + 1;
    if (at - start < 512) names.set(start, strings.toString('latin1', start, at));
  }
  return names;
}

/** NUL-separated `key=value` texts of a section, as .modinfo of kernel modules has them. */
export function keyValueSection(bytes: Uint8Array): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  const text = bufferOf(bytes.subarray(0, 1_048_576)).toString('utf8');
  for (const entry of text.split('\0')) {
    const equals = entry.indexOf('=');
    if (equals > 0 && !values.has(entry.slice(0, equals))) values.set(entry.slice(0, equals), entry.slice(equals + 1));
  }
  return values;
}

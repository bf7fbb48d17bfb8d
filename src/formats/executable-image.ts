// SPDX-License-Identifier: Apache-2.0
// What readers of ELF, PE, Mach-O and XCOFF have in common, and which files may be executables at all.
// How a file becomes an image stands in executable.ts; the formats in elf.ts, pe.ts, mach-o.ts and xcoff.ts.
import type { ByteOrder } from './byte-view.ts';
import { ByteView } from './byte-view.ts';

export type ExecutableFormat = 'elf' | 'pe' | 'mach-o' | 'xcoff';

export interface ImageSection {
  /** `.text`; of Mach-O the section name alone, `__text`. */
  readonly name: string;
  /** Virtual address; of PE including the image base. */
  readonly address: number;
  /** Where its bytes lie in the file. */
  readonly offset: number;
  /** Bytes in the file, cut at the end of the file. */
  readonly size: number;
  readonly writable: boolean;
}

export interface ExecutableImage {
  readonly format: ExecutableFormat;
  /** As Go names it: amd64, 386, arm64, arm, ppc64le, s390x ...; empty when unknown. */
  readonly architecture: string;
  readonly byteOrder: ByteOrder;
  readonly pointerSize: 4 | 8;
  readonly sections: readonly ImageSection[];
  /** Parts that are loaded into memory; addresses are looked up in them. PE has sections only. */
  readonly segments: readonly ImageSection[];
  /** Libraries that the program is linked with, as the file names them. */
  readonly libraries: readonly string[];
  /** The bytes that the offsets count in (of a universal Mach-O one slice). */
  readonly bytes: Uint8Array;
}

/** Tables larger than this are no tables of a real program. */
export const maximumSections = 65_536;
export const maximumLibraries = 4_096;

/** Bytes that a header check needs. */
export const headerLength = 8;

/** By the first bytes; undefined for anything else. A Java class has the magic of a universal Mach-O and a large "count". */
export function executableFormat(header: Uint8Array): ExecutableFormat | undefined {
  const view = new ByteView(header, 'big');
  if (header.length < 4) return undefined;
  const magic = view.u32(0);
  if (magic === 0x7f454c46) return 'elf';
  if (magic >>> 16 === 0x4d5a) return 'pe';
  if (magic === 0xfeedface || magic === 0xfeedfacf || magic === 0xcefaedfe || magic === 0xcffaedfe) return 'mach-o';
  if ((magic === 0xcafebabe || magic === 0xcafebabf) && header.length >= 8 && view.u32(4) > 0 && view.u32(4) < 30)
    return 'mach-o';
  if (magic >>> 16 === 0x01df || magic >>> 16 === 0x01f7) return 'xcoff';
  return undefined;
}

const binaryEndings: ReadonlySet<string> = new Set(
  'exe dll so dylib bundle ko node jnilib pyd sys efi elf bin out com smp static'.split(' '),
);

/**
 * Whether a file of this path is looked at for an executable header. `always` for endings of binaries; `marked` where only the
 * permission to execute tells: names without an ending, or whose ending is part of a version (`kubectl-v1.30.2`, `python3.12`).
 * Asked for every file of a tree: no regular expression before the ending is known to be a number.
 */
export function executableCandidate(path: string): 'always' | 'marked' | undefined {
  const dot = lastDotInName(path);
  if (dot === -1) return 'marked';
  const first = path.charCodeAt(dot + 1);
  if (first >= 48 && first <= 57) {
    if (path.indexOf('.so.', path.lastIndexOf('/') + 1) !== -1) return 'always';
    return /^[0-9][0-9A-Za-z_+-]{0,40}$/.test(path.slice(dot + 1)) ? 'marked' : undefined;
  }
  if (path.length - dot > 8 || !binaryEnds.has(codeOfEnd(path))) return undefined;
  return binaryEndings.has(path.slice(dot + 1).toLowerCase()) ? 'always' : undefined;
}

/** Where the ending of the file name starts; -1 when it has none, as in `.profile`. */
function lastDotInName(path: string): number {
  for (let at = path.length - 1; at > 0; at -= 1) {
    const code = path.charCodeAt(at);
    if (code === slash) return -1;
    if (code === dotSign) return path.charCodeAt(at - 1) === slash ? -1 : at;
  }
  return -1;
}

const slash = 0x2f;
const dotSign = 0x2e;

/** The last two characters as a number, without regard to case: most names are turned away by it. */
function codeOfEnd(text: string): number {
  const { length } = text;
  return ((text.charCodeAt(length - 2) | 0x20) << 16) | text.charCodeAt(length - 1) | 0x20;
}

const binaryEnds: ReadonlySet<number> = new Set([...binaryEndings].map(codeOfEnd));

/** Bytes at a virtual address, at most `length`; empty when no segment holds the address. */
export function bytesAt(image: ExecutableImage, address: number, length: number): Uint8Array {
  const places = image.segments.length > 0 ? image.segments : image.sections;
  const place = places.find((item) => address >= item.address && address - item.address < item.size);
  if (place === undefined) return new Uint8Array(0);
  const start = address - place.address;
  return new ByteView(image.bytes).slice(place.offset + start, Math.min(length, place.size - start));
}

export function sectionBytes(image: ExecutableImage, name: string): Uint8Array | undefined {
  const section = image.sections.find((item) => item.name === name);
  return section === undefined ? undefined : new ByteView(image.bytes).slice(section.offset, section.size);
}

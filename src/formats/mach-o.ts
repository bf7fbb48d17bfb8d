// SPDX-License-Identifier: Apache-2.0
// Mach-O files, of universal ones the first slice: sections, segments and linked libraries. Structures: mach-o/loader.h and mach-o/fat.h.
import { ByteView } from './byte-view.ts';
import type { ExecutableImage, ImageSection } from './executable-image.ts';
import { maximumLibraries, maximumSections } from './executable-image.ts';

const architectures: Readonly<Record<number, string>> = {
  7: '386',
  12: 'arm',
  18: 'ppc',
  0x01000007: 'amd64',
  0x0100000c: 'arm64',
  0x01000012: 'ppc64',
};

const segmentCommands: ReadonlySet<number> = new Set([0x1, 0x19]);
/** LC_LOAD_DYLIB, LC_LOAD_WEAK_DYLIB, LC_REEXPORT_DYLIB. */
const libraryCommands: ReadonlySet<number> = new Set([0xc, 0x80000018, 0x8000001f]);
const maximumCommands = 10_000;

/** Undefined when the bytes are not Mach-O. Never throws. */
export function readMachO(bytes: Uint8Array): ExecutableImage | undefined {
  const big = new ByteView(bytes, 'big');
  const magic = big.u32(0);
  if (magic === 0xcafebabe || magic === 0xcafebabf) {
    const isWide = magic === 0xcafebabf;
    const offset = isWide ? big.u64(16) : big.u32(16);
    const size = isWide ? big.u64(24) : big.u32(20);
    return offset < 8 ? undefined : readThin(big.slice(offset, size));
  }
  return readThin(bytes);
}

function readThin(bytes: Uint8Array): ExecutableImage | undefined {
  const magic = new ByteView(bytes, 'big').u32(0);
  const order = magic === 0xcefaedfe || magic === 0xcffaedfe ? 'little' : 'big';
  const isWide = magic === 0xfeedfacf || magic === 0xcffaedfe;
  if (order === 'big' && magic !== 0xfeedface && !isWide) return undefined;
  const view = new ByteView(bytes, order);
  const sections: ImageSection[] = [];
  const segments: ImageSection[] = [];
  const libraries: string[] = [];
  let at = isWide ? 32 : 28;
  for (let index = 0; index < Math.min(view.u32(16), maximumCommands) && at + 8 <= view.length; index += 1) {
    const command = view.u32(at);
    const size = view.u32(at + 4);
    if (size < 8) break;
    if (segmentCommands.has(command)) readSegment(view, { at, isWide: command === 0x19 }, { sections, segments });
    if (libraryCommands.has(command) && libraries.length < maximumLibraries) {
      libraries.push(view.text(at + view.u32(at + 8), Math.min(size, 1_024)));
    }
    at += size;
  }
  return {
    format: 'mach-o',
    architecture: architectures[view.u32(4)] ?? '',
    byteOrder: order,
    pointerSize: isWide ? 8 : 4,
    sections,
    segments,
    libraries,
    bytes,
  };
}

function readSegment(
  view: ByteView,
  command: { readonly at: number; readonly isWide: boolean },
  into: { readonly sections: ImageSection[]; readonly segments: ImageSection[] },
): void {
  const { at, isWide } = command;
  const word = isWide ? 8 : 4;
  const offset = view.word(at + (isWide ? 40 : 32), word);
  const writable = (view.u32(at + (isWide ? 60 : 44)) & 2) === 2;
  into.segments.push({
    name: view.text(at + 8, 16),
    address: view.word(at + 24, word),
    offset,
    size: Math.max(0, Math.min(view.word(at + (isWide ? 48 : 36), word), view.length - offset)),
    writable,
  });
  const count = view.u32(at + (isWide ? 64 : 48));
  const length = isWide ? 80 : 68;
  for (let index = 0; index < count && into.sections.length < maximumSections; index += 1) {
    const section = at + (isWide ? 72 : 56) + index * length;
    if (section + length > view.length) return;
    const start = view.u32(section + (isWide ? 48 : 40));
    into.sections.push({
      name: view.text(section, 16),
      address: view.word(section + 32, word),
      offset: start,
      size: Math.max(0, Math.min(view.word(section + (isWide ? 40 : 36), word), view.length - start)),
      writable,
    });
  }
}

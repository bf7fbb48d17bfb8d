// SPDX-License-Identifier: Apache-2.0
// Portable Executables (Windows programs, .NET assemblies): sections, imported libraries and data directories.
// https://learn.microsoft.com/windows/win32/debug/pe-format
import { ByteView } from './byte-view.ts';
import type { ExecutableImage, ImageSection } from './executable-image.ts';
import { bytesAt, maximumLibraries } from './executable-image.ts';

export interface PeImage extends ExecutableImage {
  readonly format: 'pe';
  readonly imageBase: number;
  /** Data directories by their number: address relative to the image base, and size. */
  readonly directories: readonly { readonly address: number; readonly size: number }[];
}

export const resourceDirectory = 2;
export const clrDirectory = 14;
const importDirectory = 1;

const architectures: Readonly<Record<number, string>> = {
  0x014c: '386',
  0x01c0: 'arm',
  0x01c4: 'arm',
  0x8664: 'amd64',
  0xaa64: 'arm64',
  0x5064: 'riscv64',
};

/** Undefined when the bytes are no PE file (old DOS programs begin alike). Never throws. */
export function readPe(bytes: Uint8Array): PeImage | undefined {
  const view = new ByteView(bytes, 'little');
  if (view.u16(0) !== 0x5a4d) return undefined;
  const start = view.u32(0x3c);
  if (view.u32(start) !== 0x4550) return undefined;
  const header = start + 4;
  const optional = header + 20;
  const magic = view.u16(optional);
  if (magic !== 0x10b && magic !== 0x20b) return undefined;
  const isWide = magic === 0x20b;
  const imageBase = isWide ? view.u64(optional + 24) : view.u32(optional + 28);
  const tables = optional + (isWide ? 112 : 96);
  const directories = Array.from({ length: Math.min(16, view.u32(tables - 4)) }, (_, index) => ({
    address: view.u32(tables + index * 8),
    size: view.u32(tables + index * 8 + 4),
  }));
  const image: PeImage = {
    format: 'pe',
    architecture: architectures[view.u16(header)] ?? '',
    byteOrder: 'little',
    pointerSize: isWide ? 8 : 4,
    sections: readSections(view, { start: optional + view.u16(header + 16), count: view.u16(header + 2), imageBase }),
    segments: [],
    libraries: [],
    bytes,
    imageBase,
    directories,
  };
  return { ...image, libraries: readLibraries(image) };
}

function readSections(view: ByteView, table: { start: number; count: number; imageBase: number }): ImageSection[] {
  const sections: ImageSection[] = [];
  for (let index = 0; index < table.count && table.start + (index + 1) * 40 <= view.length; index += 1) {
    const at = table.start + index * 40;
    const offset = view.u32(at + 20);
    sections.push({
      name: view.text(at, 8),
      address: table.imageBase + view.u32(at + 12),
      offset,
      size: Math.max(0, Math.min(view.u32(at + 16), view.length - offset)),
      writable: view.u32(at + 36) >>> 31 === 1,
    });
  }
  return sections;
}

/** Bytes at an address relative to the image base. */
export function peBytesAt(image: PeImage, address: number, length: number): Uint8Array {
  return bytesAt(image, image.imageBase + address, length);
}

function readLibraries(image: PeImage): string[] {
  const directory = image.directories[importDirectory];
  if (directory === undefined || directory.address === 0) return [];
  const table = new ByteView(peBytesAt(image, directory.address, maximumLibraries * 20));
  const names: string[] = [];
  for (let at = 0; at + 20 <= table.length && table.u32(at + 12) !== 0; at += 20) {
    const name = new ByteView(peBytesAt(image, table.u32(at + 12), 256)).text(0, 256);
    if (name !== '') names.push(name);
  }
  return names;
}

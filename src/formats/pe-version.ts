// SPDX-License-Identifier: Apache-2.0
// Version resources of Windows programs and .NET assemblies: the table of texts that Explorer shows under "Details".
// https://learn.microsoft.com/windows/win32/menurc/vs-versioninfo (structures) and .../debug/pe-format (the resource directory)
import { ByteView, bufferOf } from './byte-view.ts';
import type { PeImage } from './pe.ts';
import { clrDirectory, peBytesAt, resourceDirectory } from './pe.ts';

const versionResource = 16;
const maximumEntries = 1_000;
const maximumBytes = 1_048_576;

/** true for assemblies of .NET: they have a header of the Common Language Runtime. */
export function isDotnetAssembly(image: PeImage): boolean {
  return (image.directories[clrDirectory]?.address ?? 0) > 0;
}

/** `ProductName`, `FileVersion` ... of the first language that has texts; empty when there are none. Never throws. */
export function readVersionTexts(image: PeImage): ReadonlyMap<string, string> {
  const directory = image.directories[resourceDirectory];
  if (directory === undefined || directory.address === 0) return new Map();
  const tree = new ByteView(peBytesAt(image, directory.address, Math.max(directory.size, 65_536)));
  for (const type of entriesOf(tree, 0).filter((entry) => entry.id === versionResource)) {
    for (const name of entriesOf(tree, type.target)) {
      for (const language of entriesOf(tree, name.target)) {
        const size = Math.min(tree.u32(language.target + 4), maximumBytes);
        const texts = textsOf(peBytesAt(image, tree.u32(language.target), size));
        if (texts.size > 0) return texts;
      }
    }
  }
  return new Map();
}

/** One level of the resource tree. `target` is the offset of the next level or of the data entry. */
function entriesOf(tree: ByteView, at: number): { readonly id: number; readonly target: number }[] {
  const count = Math.min(tree.u16(at + 12) + tree.u16(at + 14), maximumEntries);
  return Array.from({ length: count }, (_, index) => ({
    id: tree.u32(at + 16 + index * 8),
    target: tree.u32(at + 20 + index * 8) & 0x7fffffff,
  }));
}

/**
 * VS_VERSIONINFO holds StringFileInfo, that holds StringTable, that holds String. Each begins with its length, the length of its value,
 * its kind and its name in UTF-16; the members start at the next multiple of four.
 */
function textsOf(bytes: Uint8Array): Map<string, string> {
  const view = new ByteView(bytes);
  const texts = new Map<string, string>();
  for (const info of membersOf(view, blockAt(view, 0, view.length))) {
    if (info.name !== 'StringFileInfo') continue;
    for (const table of membersOf(view, info)) {
      for (const text of membersOf(view, table)) {
        const value = utf16(view, text.value, text.end);
        if (text.name !== '' && !texts.has(text.name)) texts.set(text.name, value);
      }
      if (texts.size > 0) return texts;
    }
  }
  return texts;
}

interface Block {
  readonly name: string;
  /** Offset of the value. */
  readonly value: number;
  /** Offset of the first member, behind the value. */
  readonly members: number;
  readonly end: number;
}

function blockAt(view: ByteView, at: number, limit: number): Block {
  const end = Math.min(limit, at + view.u16(at));
  const isText = view.u16(at + 4) === 1;
  const name = utf16(view, at + 6, end);
  const value = aligned(at + 6 + 2 * name.length + 2);
  return { name, value, members: aligned(value + view.u16(at + 2) * (isText ? 2 : 1)), end };
}

function membersOf(view: ByteView, parent: Block): Block[] {
  const members: Block[] = [];
  for (let at = parent.members; at + 6 <= parent.end && members.length < maximumEntries; ) {
    const length = view.u16(at);
    if (length < 6) break;
    members.push(blockAt(view, at, parent.end));
    at = aligned(at + length);
  }
  return members;
}

function utf16(view: ByteView, at: number, end: number): string {
  const text = bufferOf(view.slice(at, Math.max(0, end - at))).toString('utf16le');
  const stop = text.indexOf('\0');
  return stop === -1 ? text : text.slice(0, stop);
}

function aligned(offset: number): number {
  return Math.ceil(offset / 4) * 4;
}

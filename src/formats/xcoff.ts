// SPDX-License-Identifier: Apache-2.0
// XCOFF files (AIX), as far as a build information in their data needs it. https://www.ibm.com/docs/aix/7.3?topic=formats-xcoff-object-file-format
import { ByteView } from './byte-view.ts';
import type { ExecutableImage, ImageSection } from './executable-image.ts';

const dataSection = 0x40;

/** Undefined when the bytes are not XCOFF. Never throws. */
export function readXcoff(bytes: Uint8Array): ExecutableImage | undefined {
  const view = new ByteView(bytes, 'big');
  const magic = view.u16(0);
  if (magic !== 0x01df && magic !== 0x01f7) return undefined;
  const isWide = magic === 0x01f7;
  const word = isWide ? 8 : 4;
  const start = (isWide ? 24 : 20) + view.u16(16);
  const length = isWide ? 72 : 40;
  const sections: ImageSection[] = [];
  for (let index = 0; index < view.u16(2) && start + (index + 1) * length <= view.length; index += 1) {
    const at = start + index * length;
    const offset = view.word(at + 8 + 3 * word, word);
    sections.push({
      name: view.text(at, 8),
      address: view.word(at + 8 + word, word),
      offset,
      size: Math.max(0, Math.min(view.word(at + 8 + 2 * word, word), view.length - offset)),
      writable: (view.u32(at + (isWide ? 64 : 36)) & dataSection) !== 0,
    });
  }
  return {
    format: 'xcoff',
    architecture: isWide ? 'ppc64' : 'ppc',
    byteOrder: 'big',
    pointerSize: word,
    sections,
    segments: [],
    libraries: [],
    bytes,
  };
}

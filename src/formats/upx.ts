// SPDX-License-Identifier: Apache-2.0
// Programs compressed with UPX: their sections, and so everything that readers of executables look for, are packed away.
import { bufferOf } from './byte-view.ts';

const mark = Buffer.from('UPX!', 'latin1');
/** The mark stands behind the headers: in ELF within the first page, in PE before the first section. */
const searched = 8_192;

export function isUpxCompressed(bytes: Uint8Array): boolean {
  return bufferOf(bytes.subarray(0, searched)).includes(mark);
}

// SPDX-License-Identifier: Apache-2.0
// An executable of any format: picks the reader by the first bytes.
import { readElf } from './elf.ts';
import type { ExecutableImage } from './executable-image.ts';
import { executableFormat } from './executable-image.ts';
import { readMachO } from './mach-o.ts';
import { readPe } from './pe.ts';
import { readXcoff } from './xcoff.ts';

/** Undefined when the bytes are of no format that is known here. Never throws. */
export function readExecutable(bytes: Uint8Array): ExecutableImage | undefined {
  switch (executableFormat(bytes)) {
    case 'elf':
      return readElf(bytes);
    case 'pe':
      return readPe(bytes);
    case 'mach-o':
      return readMachO(bytes);
    case 'xcoff':
      return readXcoff(bytes);
    default:
      return undefined;
  }
}

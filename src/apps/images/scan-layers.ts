// SPDX-License-Identifier: Apache-2.0
// Hands the files of every layer of an image to scanners of files, also those that a later layer removes: whoever can pull the image can read them.
import { defaultLimits } from '../../model/limits.ts';
import type { Problem } from '../../model/problem.ts';
import type { ImageLayer } from '../../sources/image/image-input.ts';
import { readLayer } from '../../sources/image/layer.ts';
import type { FileScanner } from '../source-scan/file-scanner.ts';

/** Larger files of images are programs and data. */
const largest = 8 * 1024 * 1024;

/** What could not be read. Files that are larger than eight megabytes are passed over. */
export async function scanLayers(
  layers: readonly ImageLayer[],
  scanners: readonly FileScanner[],
): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  const limits = { ...defaultLimits, manifestBytes: largest };
  for (const layer of layers) {
    const record = await readLayer<never>(layer, {
      limits,
      work: {
        wants: (path, size) =>
          (size === undefined || size <= largest) && scanners.some((scanner) => scanner.wants(path)),
        digest: (file, bytes) => {
          // Scanners keep files until a batch is full, and lent bytes are written over before that.
          const own = bytes === 'given' ? file : { ...file, bytes: Uint8Array.from(file.bytes) };
          for (const scanner of scanners) if (scanner.wants(file.path)) scanner.take({ ...own, layer: layer.digest });
          return undefined;
        },
      },
    });
    problems.push(...record.coverage.problems);
  }
  return problems;
}

// SPDX-License-Identifier: Apache-2.0
// An image as a source: hands out the wanted files of what a container would see. Holds the wanted files of all layers until the last
// layer is read, because only then it is known which of them are visible; runs that keep less of a file use read-image.ts directly.

import { parseDigest } from '../../model/digest.ts';
import type { Limits } from '../../model/limits.ts';
import type { Problem } from '../../model/problem.ts';
import { subjectOf } from '../../model/subject.ts';
import type { FileReading, FileVisitor, Source, SourceFile } from '../source.ts';
import type { ImageInput } from './image-input.ts';
import { readLayer, readLayerWithLinks } from './layer.ts';
import { readImage } from './read-image.ts';

export interface ImageSource extends Source {
  readonly image: ImageInput;
}

export function imageSource(image: ImageInput, limits: Limits): ImageSource {
  const digest = parseDigest(image.digest);
  return {
    image,
    target: image.target,
    kind: 'image',
    subject: subjectOf('image', image.digest, image.name, digest === undefined ? [] : [digest]),
    name: image.name,
    version: image.version,
    visit: async (visitor) => {
      const holding = new Holding(visitor, limits);
      const { files, coverage } = await readImage(
        image,
        {
          concurrency: 1,
          read: (layer, only) =>
            only === undefined
              ? readLayerWithLinks(layer, { work: holding, limits })
              : readLayer(layer, { work: holding, limits, only }),
        },
        limits,
      );
      for (const { path, result } of files) visitor.take({ ...result, path });
      return { ...coverage, problems: [...coverage.problems, ...holding.problems] };
    },
  };
}

/** Keeps wanted files whole, up to a limit. */
class Holding {
  readonly problems: Problem[] = [];
  readonly #visitor: FileVisitor;
  readonly #limits: Limits;
  #bytes = 0;

  constructor(visitor: FileVisitor, limits: Limits) {
    this.#visitor = visitor;
    this.#limits = limits;
  }

  wants(path: string, size?: number): boolean {
    return this.#visitor.wants(path, size);
  }

  readingOf(path: string): FileReading | undefined {
    return this.#visitor.readingOf?.(path);
  }

  wantsExecutable(path: string): boolean {
    return this.#visitor.wantsExecutable?.(path) === true;
  }

  digest(file: SourceFile, bytes: 'given' | 'lent'): SourceFile | undefined {
    this.#bytes += file.bytes.length;
    if (this.#bytes <= this.#limits.companionBytes)
      return bytes === 'given' ? file : { ...file, bytes: Uint8Array.from(file.bytes) };
    const message = `more than ${this.#limits.companionBytes} bytes of files that are wanted; not kept`;
    const location = { path: file.path, ...(file.layer === undefined ? {} : { layer: file.layer }) };
    this.problems.push({ kind: 'limit', message, location, hidesFindings: true });
    return undefined;
  }
}

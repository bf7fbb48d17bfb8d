// SPDX-License-Identifier: Apache-2.0
// Where images stand in an object: in the containers of Pods and their controllers, or where `imageExtractors` says for its kind (Kyverno
// pkg/utils/api/image.go). Also puts other names in their places.
import type { DocumentPath, JsonObject } from '../../../formats/document.ts';
import { asArray, asObject, asString } from '../../../formats/document.ts';
import type { ImageInfo } from '../../image-info.ts';
import { parseImageInfo } from '../../image-info.ts';
import { JmespathFault } from '../../jmespath/fault.ts';
import { podOf } from '../../pod-security/pod.ts';
import type { Queries } from '../queries.ts';

export interface PlacedImage {
  /** As it is written; what is asked of registries. */
  readonly text: string;
  /** Undefined for a text that names no image. */
  readonly info: ImageInfo | undefined;
  readonly at: DocumentPath;
  /** Whether the text is the image alone, so that another can take its place. */
  readonly isWhole: boolean;
}

export interface ImageExtractor {
  /** `*` for every element or member. */
  readonly path: readonly string[];
  /** Member that holds the image; undefined when the path leads to it. */
  readonly value: string | undefined;
  /** Takes the image out of the text. */
  readonly jmesPath: string | undefined;
}

/** By kind. */
export type ImageExtractors = ReadonlyMap<string, readonly ImageExtractor[]>;

const mostImages = 10_000;

export function readExtractors(value: unknown): ImageExtractors {
  const kinds = Object.entries(asObject(value) ?? {}).map(([kind, list]) => {
    const extractors = asArray(list).map((item): ImageExtractor => {
      const extractor = asObject(item) ?? {};
      const path = (asString(extractor['path']) ?? '').split('/').filter((part) => part !== '');
      const own = asString(extractor['value']) ?? '';
      const jmesPath = asString(extractor['jmesPath']) ?? '';
      return { path, value: own === '' ? undefined : own, jmesPath: jmesPath === '' ? undefined : jmesPath };
    });
    return [kind, extractors] as const;
  });
  return new Map(kinds);
}

/** The images of an object, in the order in which they stand. */
export function imagesIn(object: JsonObject, extractors: ImageExtractors, queries: Queries): readonly PlacedImage[] {
  const own = extractors.get(asString(object['kind']) ?? '');
  if (own !== undefined) return own.flatMap((extractor) => extracted(object, extractor, queries));
  const found = podOf(object);
  return (found?.pod.containers ?? []).flatMap(({ at, container }) => {
    const text = asString(container['image']) ?? '';
    return text === '' ? [] : [placed(text, [...(found?.at ?? []), ...at, 'image'], true)];
  });
}

function placed(text: string, at: DocumentPath, isWhole: boolean): PlacedImage {
  return { text, info: parseImageInfo(text), at, isWhole };
}

function extracted(
  object: JsonObject,
  { path, value, jmesPath }: ImageExtractor,
  queries: Queries,
): readonly PlacedImage[] {
  return valuesAt(object, value === undefined ? path : [...path, value]).flatMap(({ value: text, at }) => {
    if (typeof text !== 'string' || text === '') return [];
    if (jmesPath === undefined) return [placed(text, at, true)];
    const taken = queries.search(jmesPath, text);
    // What cannot be taken out is judged as no image, which is an error and not a pass.
    return [placed(taken instanceof JmespathFault || typeof taken !== 'string' ? '' : taken, at, false)];
  });
}

interface Found {
  readonly value: unknown;
  readonly at: DocumentPath;
}

function valuesAt(root: unknown, path: readonly string[]): readonly Found[] {
  let here: readonly Found[] = [{ value: root, at: [] }];
  for (const step of path)
    here = here
      .flatMap(({ value, at }): readonly Found[] => {
        if (Array.isArray(value)) {
          const items: readonly unknown[] = value;
          if (step === '*') return items.map((item, index) => ({ value: item, at: [...at, index] }));
          const index = /^\d{1,6}$/.test(step) ? Number(step) : -1;
          // Matches Kyverno because a list in the way is gone through as if `*` stood there.
          return index >= 0 && index < items.length
            ? [{ value: items[index], at: [...at, index] }]
            : items.flatMap((item, each) => memberOf(item, step, [...at, each]));
        }
        if (step !== '*') return memberOf(value, step, at);
        return Object.entries(asObject(value) ?? {}).map(([key, item]) => ({ value: item, at: [...at, key] }));
      })
      .slice(0, mostImages);
  return here;
}

function memberOf(value: unknown, step: string, at: DocumentPath): readonly Found[] {
  const object = asObject(value);
  return object !== undefined && Object.hasOwn(object, step) ? [{ value: object[step], at: [...at, step] }] : [];
}

/** The object with another text in one place. */
export function withText(object: JsonObject, [step, ...rest]: DocumentPath, text: string): JsonObject {
  return replaced(object, step === undefined ? [] : [step, ...rest], text) as JsonObject;
}

function replaced(value: unknown, [step, ...rest]: DocumentPath, text: string): unknown {
  if (step === undefined) return text;
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    return items.map((item, index) => (index === step ? replaced(item, rest, text) : item));
  }
  const object = asObject(value) ?? {};
  return { ...object, [step]: replaced(object[step], rest, text) };
}

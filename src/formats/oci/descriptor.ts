// SPDX-License-Identifier: Apache-2.0
// Descriptors of OCI image-spec 1.1 (descriptor.md): what a manifest says about the content it points to.
import type { Digest } from '../../model/digest.ts';
import { asArray, asObject, asString, asStrings, entriesOf } from '../document.ts';
import type { Platform } from './platform.ts';
import { parseContentDigest } from './reference.ts';

export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  /** Bytes of the content as it is stored. */
  readonly size: number;
  readonly annotations: Readonly<Record<string, string>>;
  readonly artifactType?: string;
  readonly platform?: Platform;
  /** Other places of the content, as foreign layers have them. Never fetched: they would let a manifest choose what is asked. */
  readonly urls?: readonly string[];
}

/** Tells what is wrong with the member at `path` (`layers.3.digest`). */
export type Complain = (path: readonly (string | number)[], message: string) => void;

/** Undefined, with a complaint, when type, digest or size is missing or malformed: such a descriptor cannot be checked. */
export function readDescriptor(
  value: unknown,
  path: readonly (string | number)[],
  complain: Complain,
): Descriptor | undefined {
  const source = asObject(value);
  if (source === undefined) {
    complain(path, 'a descriptor is missing');
    return undefined;
  }
  const mediaType = asString(source['mediaType']);
  const digest = parseContentDigest(asString(source['digest']) ?? '');
  const size = source['size'];
  if (mediaType === undefined) complain(path, 'a descriptor without media type');
  if (digest === undefined)
    complain([...path, 'digest'], 'a descriptor without a well-formed sha256, sha384 or sha512 digest');
  const isSize = typeof size === 'number' && Number.isSafeInteger(size) && size >= 0;
  if (!isSize) complain([...path, 'size'], 'a descriptor without a size in bytes');
  if (mediaType === undefined || digest === undefined || !isSize) return undefined;
  const artifactType = asString(source['artifactType']);
  const platform = readPlatform(source['platform']);
  const urls = asStrings(asArray(source['urls']));
  return {
    mediaType,
    digest,
    size,
    annotations: readAnnotations(source['annotations']),
    ...(artifactType === undefined || artifactType === '' ? {} : { artifactType }),
    ...(platform === undefined ? {} : { platform }),
    ...(urls.length === 0 ? {} : { urls }),
  };
}

/** Texts only; other values are no annotations. Without prototype, so that a foreign key can never be mistaken for a member of objects. */
export function readAnnotations(value: unknown): Readonly<Record<string, string>> {
  const annotations: Record<string, string> = Object.create(null);
  for (const [key, text] of entriesOf(value)) if (typeof text === 'string') annotations[key] = text;
  return annotations;
}

function readPlatform(value: unknown): Platform | undefined {
  const source = asObject(value);
  const os = asString(source?.['os']);
  const architecture = asString(source?.['architecture']);
  if (os === undefined || architecture === undefined) return undefined;
  const variant = asString(source?.['variant']);
  const osVersion = asString(source?.['os.version']);
  return {
    os,
    architecture,
    ...(variant === undefined || variant === '' ? {} : { variant }),
    ...(osVersion === undefined || osVersion === '' ? {} : { osVersion }),
  };
}

// SPDX-License-Identifier: Apache-2.0
// The image library of Kyverno's CEL policies: names of images taken apart (github.com/kyverno/sdk, cel/libs/image). Parts are named as
// go-containerregistry names them: Docker Hub is `index.docker.io`, its own images stand under `library/`, and a tag beside a digest says nothing.
import { defaultRegistry, parseReference } from '../../../formats/oci/reference.ts';
import type { CelLibrary } from '../../cel/declarations.ts';
import { globalOverload } from '../../cel/declarations.ts';
import { functionsOf } from '../../cel/environment.ts';
import { opaqueKind } from '../../cel/library/opaque.ts';
import { boolType, stringType } from '../../cel/types.ts';
import type { CelValue } from '../../cel/values.ts';
import { CelError, CelOpaque, textOf } from '../../cel/values.ts';
import { parseImageInfo } from '../../image-info.ts';

/** The parts of a name, as CEL reads them. */
export interface ImageParts {
  readonly registry: string;
  readonly repository: string;
  /** Empty beside a digest; `latest` where neither is written. */
  readonly tag: string;
  readonly digest: string;
}

/** Undefined when the text names no image. Hosts with an underscore count as hosts, as everywhere in Kyverno. */
export function imageParts(text: string): ImageParts | undefined {
  const parsed = parseReference(text);
  if (parsed.kind === 'reference') {
    const { registry, repository, tag, digest } = parsed.reference;
    return {
      registry: registry === defaultRegistry ? `index.${registry}` : registry,
      repository,
      tag: digest === undefined ? (tag ?? 'latest') : '',
      digest: digest ?? '',
    };
  }
  const info = parseImageInfo(text);
  if (info === undefined) return undefined;
  const { registry, path, tag, digest } = info;
  return { registry, repository: path, tag: digest === '' ? tag : '', digest };
}

class CelImage extends CelOpaque {
  readonly typeName = 'kyverno.image';
  readonly parts: ImageParts;
  /** What stands behind the repository as it was written, with its separators. */
  readonly written: string;

  constructor(text: string, parts: ImageParts) {
    super();
    this.parts = parts;
    this.written = /(?::[^:/@]+)?(?:@.*)?$/s.exec(text)?.[0] ?? '';
  }

  equals(other: CelOpaque): boolean {
    return other instanceof CelImage && identityOf(other.parts) === identityOf(this.parts);
  }
}

function identityOf({ registry, repository, tag, digest }: ImageParts): string {
  return `${registry}/${repository}:${tag}@${digest}`;
}

const kind = opaqueKind<CelImage>('kyverno.image', (value): value is CelImage => value instanceof CelImage);

function parsed(value: CelValue = ''): CelValue {
  const text = textOf(value);
  const parts = imageParts(text);
  return parts === undefined ? new CelError(`${text.slice(0, 200)} names no image`) : new CelImage(text, parts);
}

export const imageLibrary: CelLibrary = {
  name: 'kyverno.image',
  constants: kind.constant,
  functions: functionsOf({
    image: [globalOverload('string_to_image_deprecated', [[stringType], kind.type], parsed)],
    parseImageReference: [globalOverload('string_to_image', [[stringType], kind.type], parsed)],
    isImage: [
      globalOverload(
        'is_image_string',
        [[stringType], boolType],
        (text = '') => imageParts(textOf(text)) !== undefined,
      ),
    ],
    containsDigest: [kind.method('image_contains_digest', boolType, ({ parts }) => parts.digest !== '')],
    registry: [kind.method('image_registry', stringType, ({ parts }) => parts.registry)],
    repository: [kind.method('image_repository', stringType, ({ parts }) => parts.repository)],
    identifier: [
      kind.method('image_identifier', stringType, ({ parts }) => (parts.digest === '' ? parts.tag : parts.digest)),
    ],
    identifierWithSeparator: [
      kind.method('image_identifier_with_separator', stringType, ({ parts, written }) =>
        written === '' ? `:${parts.tag}` : written,
      ),
    ],
    tag: [kind.method('image_tag', stringType, ({ parts }) => parts.tag)],
    digest: [kind.method('image_digest', stringType, ({ parts }) => parts.digest)],
  }),
};

// SPDX-License-Identifier: Apache-2.0
// Images that Kubernetes manifests run: every `containers`, `initContainers` and `ephemeralContainers` list of any kind of object.

import type { Document, DocumentPath } from '../../formats/document.ts';
import { asArray, asObject, asString, entriesOf } from '../../formats/document.ts';
import { decodeText } from '../../formats/text.ts';
import { parseYaml } from '../../formats/yaml.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { Package } from '../../model/package.ts';
import type { SourceFile } from '../../sources/source.ts';
import { imagePackage, parseImageReference, uniqueImages } from '../package-facts/image-reference.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const kubernetesImages = defineCataloger({
  id: 'kubernetes-images',
  title: 'Kubernetes manifests',
  ecosystems: ['docker'],
  kind: 'declared',
  files: ['**/*.yaml', '**/*.yml'],
  capabilities: {
    versions: 'declared',
    dependencies: 'none',
    scopes: false,
    licenses: false,
    digests: true,
    lines: true,
    gaps: ['templates (Helm) and overlays (Kustomize) that are not rendered', 'what is inside the images'],
  },
  parse: parseManifests,
});

const containerLists = new Set(['containers', 'initContainers', 'ephemeralContainers']);

function parseManifests(file: SourceFile): CatalogResult {
  // Most YAML files are none of Kubernetes': two searches in the bytes spare the parser.
  const bytes = Buffer.from(file.bytes.buffer, file.bytes.byteOffset, file.bytes.byteLength);
  const isUtf16 = bytes[0] === 0xff || bytes[0] === 0xfe;
  if (!isUtf16 && (!bytes.includes('apiVersion') || !bytes.includes('image'))) return { packages: [], problems: [] };
  const { text, problems } = decodeText(file.bytes, file.path);
  const documents = parseYaml(text, file.path, { resolver: 'strings' });
  const images: Package[] = [];
  for (const document of documents) {
    const object = asObject(document.value);
    if (object?.['apiVersion'] !== undefined && object['kind'] !== undefined) collect(document, images);
  }
  // A template is not YAML before it is rendered; its images are found in what it renders to.
  const isTemplate = text.includes('{{');
  const broken = isTemplate ? [] : documents.flatMap((document) => document.problems);
  return {
    packages: uniqueImages(images),
    problems: [...problems, ...broken.map((item) => ({ ...item, hidesFindings: false }))],
  };
}

function collect(document: Document, images: Package[]): void {
  const queue: { readonly value: unknown; readonly path: DocumentPath }[] = [{ value: document.value, path: [] }];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const { value, path } = next;
    if (path.length > defaultLimits.depth) continue;
    for (const [index, item] of asArray(value).entries()) queue.push({ value: item, path: [...path, index] });
    for (const [key, member] of entriesOf(value)) {
      if (containerLists.has(key)) addContainers(document, [...path, key], member, images);
      else if (member !== null && typeof member === 'object') queue.push({ value: member, path: [...path, key] });
    }
  }
}

function addContainers(document: Document, path: DocumentPath, list: unknown, images: Package[]): void {
  for (const [index, item] of asArray(list).entries()) {
    const image = asString(asObject(item)?.['image']);
    const reference = image === undefined ? undefined : parseImageReference(image);
    if (reference !== undefined) images.push(imagePackage(reference, document.locate([...path, index, 'image'])));
  }
}

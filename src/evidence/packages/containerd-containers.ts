// SPDX-License-Identifier: Apache-2.0
// The metadata database of containerd: containers of every namespace of a node and the images they run.
// Layout: https://github.com/containerd/containerd/blob/main/core/metadata/buckets.go
import { boltBucket, boltText, parseBoltDatabase } from '../../formats/bolt-file.ts';
import type { Package } from '../../model/package.ts';
import type { SourceFile } from '../../sources/source.ts';
import { imagePackage, parseImageReference, uniqueImages } from '../package-facts/image-reference.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const containerdContainers = defineCataloger({
  id: 'containerd-containers',
  title: 'io.containerd.metadata.v1.bolt/meta.db',
  ecosystems: ['docker'],
  kind: 'installed',
  files: ['**/io.containerd.metadata.v1.bolt/meta.db'],
  capabilities: {
    versions: 'exact',
    dependencies: 'none',
    scopes: false,
    licenses: false,
    digests: true,
    lines: false,
    gaps: ['whether a container runs at this moment', 'what is inside the images'],
  },
  parse: parseMetadata,
});

function parseMetadata(file: SourceFile): CatalogResult {
  const { root, problems } = parseBoltDatabase(file.bytes, file.path);
  const packages: Package[] = [];
  for (const namespace of boltBucket(root, ['v1']).keys()) {
    for (const id of boltBucket(root, ['v1', namespace, 'containers']).keys()) {
      const written = boltText(boltBucket(root, ['v1', namespace, 'containers', id]), 'image') ?? '';
      const reference = parseImageReference(written);
      if (reference === undefined) continue;
      const target = boltBucket(root, ['v1', namespace, 'images', written, 'target']);
      const digest = boltText(target, 'digest') ?? reference.digest;
      const item = imagePackage({ ...reference, digest }, { path: file.path });
      packages.push({ ...item, facts: { other: { ...item.facts?.other, namespace } } });
    }
  }
  return { packages: uniqueImages(packages), problems };
}

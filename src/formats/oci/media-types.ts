// SPDX-License-Identifier: Apache-2.0
// The media types of OCI image-spec 1.1 and of Docker's image manifest version 2, schema 2, by what they mean.

export const mediaTypes = {
  ociManifest: 'application/vnd.oci.image.manifest.v1+json',
  ociIndex: 'application/vnd.oci.image.index.v1+json',
  ociArtifact: 'application/vnd.oci.artifact.manifest.v1+json',
  ociConfig: 'application/vnd.oci.image.config.v1+json',
  ociLayer: 'application/vnd.oci.image.layer.v1.tar',
  ociLayerGzip: 'application/vnd.oci.image.layer.v1.tar+gzip',
  ociLayerZstd: 'application/vnd.oci.image.layer.v1.tar+zstd',
  ociEmpty: 'application/vnd.oci.empty.v1+json',
  dockerManifest: 'application/vnd.docker.distribution.manifest.v2+json',
  dockerList: 'application/vnd.docker.distribution.manifest.list.v2+json',
  dockerConfig: 'application/vnd.docker.container.image.v1+json',
  dockerLayer: 'application/vnd.docker.image.rootfs.diff.tar',
  dockerLayerGzip: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
} as const;

/** What is asked for when a manifest is pulled: everything that manifest.ts reads. */
export const manifestMediaTypes: readonly string[] = [
  mediaTypes.ociIndex,
  mediaTypes.ociManifest,
  mediaTypes.dockerList,
  mediaTypes.dockerManifest,
  mediaTypes.ociArtifact,
];

const indexTypes: readonly string[] = [mediaTypes.ociIndex, mediaTypes.dockerList];

/** true for the types of documents that list other manifests. */
export function isIndexMediaType(mediaType: string): boolean {
  return indexTypes.includes(mediaType);
}

/** true for every type that `parseManifest` reads. */
export function isManifestMediaType(mediaType: string): boolean {
  return manifestMediaTypes.includes(mediaType);
}

/** true for the configuration of an image; artifacts have another type or the empty one. */
export function isConfigMediaType(mediaType: string): boolean {
  return mediaType === mediaTypes.ociConfig || mediaType === mediaTypes.dockerConfig;
}

/** How the tar stream of a layer is packed; undefined when the type is not one of a layer. */
export function layerCompression(mediaType: string): 'none' | 'gzip' | 'zstd' | undefined {
  const plain = mediaType
    .replace('.layer.nondistributable.', '.layer.')
    .replace('image.rootfs.foreign.diff', 'image.rootfs.diff');
  switch (plain) {
    case mediaTypes.ociLayer:
    case mediaTypes.dockerLayer:
      return 'none';
    case mediaTypes.ociLayerGzip:
    case mediaTypes.dockerLayerGzip:
      return 'gzip';
    case mediaTypes.ociLayerZstd:
    // Written by buildkit and containerd, in no specification.
    case `${mediaTypes.dockerLayer}.zstd`:
      return 'zstd';
    default:
      return undefined;
  }
}

/** The media type of a Content-Type header: lower case, without parameters. */
export function mediaTypeOf(contentType: string | undefined): string {
  return (contentType ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

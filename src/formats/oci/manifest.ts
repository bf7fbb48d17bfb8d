// SPDX-License-Identifier: Apache-2.0
// Manifests and indexes: OCI image-spec 1.1 (manifest.md, image-index.md), Docker image manifest version 2 schema 2, and the artifact
// manifest of the 1.1 release candidates. A document that could be read in two ways is refused (CVE-2021-41190).
import type { Limits } from '../../model/limits.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { Problem } from '../../model/problem.ts';
import type { JsonObject } from '../document.ts';
import { asString } from '../document.ts';
import type { Complain, Descriptor } from './descriptor.ts';
import { readAnnotations, readDescriptor } from './descriptor.ts';
import {
  isConfigMediaType,
  isIndexMediaType,
  isManifestMediaType,
  layerCompression,
  mediaTypes,
} from './media-types.ts';
import { parseStrictJson } from './strict-json.ts';

interface ManifestParts {
  readonly mediaType: string;
  readonly artifactType?: string;
  /** What the manifest is about, when it is a referrer (a signature, an SBOM). */
  readonly subject?: Descriptor;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface ImageManifest extends ManifestParts {
  readonly kind: 'image';
  readonly config: Descriptor;
  /** From the base upwards. */
  readonly layers: readonly Descriptor[];
}

export interface ArtifactManifest extends ManifestParts {
  readonly kind: 'artifact';
  readonly layers: readonly Descriptor[];
}

export interface ImageIndex extends ManifestParts {
  readonly kind: 'index';
  readonly manifests: readonly Descriptor[];
}

export type Manifest = ImageManifest | ArtifactManifest | ImageIndex;

export interface ParsedManifest {
  /** Undefined when the document is refused. Half a manifest is never returned: a layer left out could hide anything. */
  readonly manifest: Manifest | undefined;
  readonly problems: readonly Problem[];
}

export interface ManifestOptions {
  /** What the manifest is called in messages. */
  readonly path: string;
  /** The Content-Type it came with, or the type its descriptor states; must agree with what the document says of itself. */
  readonly mediaType?: string | undefined;
  readonly limits?: Pick<Limits, 'imageManifestBytes' | 'imageLayers' | 'imageIndexEntries'>;
}

/** Reads one manifest. Never throws. */
export function parseManifest(bytes: Uint8Array, options: ManifestOptions): ParsedManifest {
  const limits = options.limits ?? defaultLimits;
  const { value, problems, complain } = parseStrictJson(bytes, options.path, limits.imageManifestBytes);
  if (value === undefined) return { manifest: undefined, problems };
  const type = typeOf(value, options.mediaType);
  if (type.kind === 'refused') {
    const location = { path: options.path };
    problems.push({ kind: type.problem, message: type.message, location, hidesFindings: true });
    return { manifest: undefined, problems };
  }
  const manifest = readManifest(value, type.mediaType, { complain, limits });
  return { manifest: problems.length === 0 ? manifest : undefined, problems };
}

type ManifestType =
  | { readonly kind: 'type'; readonly mediaType: string }
  | { readonly kind: 'refused'; readonly problem: 'schema' | 'unsupported'; readonly message: string };

/** The type that the transport, the document's own field and its members agree on. */
function typeOf(value: JsonObject, outer: string | undefined): ManifestType {
  if (value['schemaVersion'] === 1 || 'fsLayers' in value)
    return refused('unsupported', 'an image manifest of version 1, which was retired; push the image again');
  const own = value['mediaType'];
  if (own !== undefined && typeof own !== 'string') return refused('schema', 'the media type is no text');
  const stated = outer !== undefined && isManifestMediaType(outer) ? outer : undefined;
  if (own !== undefined && stated !== undefined && own !== stated)
    return refused('schema', `says it is ${own}, but was handed over as ${stated}`);
  const mediaType = own ?? stated ?? typeByMembers(value);
  if (mediaType === undefined) return refused('schema', 'is neither a manifest nor an index');
  if (!isManifestMediaType(mediaType)) return refused('unsupported', `the media type ${mediaType} is not read`);
  if (mediaType !== mediaTypes.ociArtifact && value['schemaVersion'] !== 2)
    return refused('schema', 'the schema version is not 2');
  const foreign = isIndexMediaType(mediaType) ? ['config', 'layers', 'blobs'] : ['manifests'];
  const member = foreign.find((name) => name in value);
  return member === undefined
    ? { kind: 'type', mediaType }
    : refused('schema', `is of the type ${mediaType}, but has "${member}" as well`);
}

function refused(problem: 'schema' | 'unsupported', message: string): ManifestType {
  return { kind: 'refused', problem, message };
}

/** OCI documents need no type of their own. */
function typeByMembers(value: JsonObject): string | undefined {
  if ('manifests' in value) return mediaTypes.ociIndex;
  return 'config' in value && 'layers' in value ? mediaTypes.ociManifest : undefined;
}

interface Reading {
  readonly complain: Complain;
  readonly limits: Pick<Limits, 'imageLayers' | 'imageIndexEntries'>;
}

function readManifest(value: JsonObject, mediaType: string, reading: Reading): Manifest | undefined {
  const { complain, limits } = reading;
  const subject = value['subject'] === undefined ? undefined : readDescriptor(value['subject'], ['subject'], complain);
  const artifactType = asString(value['artifactType']);
  const parts: ManifestParts = {
    mediaType,
    annotations: readAnnotations(value['annotations']),
    ...(subject === undefined ? {} : { subject }),
    ...(artifactType === undefined || artifactType === '' ? {} : { artifactType }),
  };
  if (isIndexMediaType(mediaType)) {
    const manifests = readList(value, { name: 'manifests', maximum: limits.imageIndexEntries, complain });
    return { ...parts, kind: 'index', manifests };
  }
  if (mediaType === mediaTypes.ociArtifact) {
    const blobs = value['blobs'] === undefined ? { blobs: [] } : value;
    return {
      ...parts,
      kind: 'artifact',
      layers: readList(blobs, { name: 'blobs', maximum: limits.imageLayers, complain }),
    };
  }
  const config = readDescriptor(value['config'], ['config'], complain);
  const layers = readList(value, { name: 'layers', maximum: limits.imageLayers, complain });
  return config === undefined ? undefined : { ...parts, kind: 'image', config, layers };
}

interface List {
  readonly name: string;
  readonly maximum: number;
  readonly complain: Complain;
}

function readList(value: JsonObject, { name, maximum, complain }: List): Descriptor[] {
  const items = value[name];
  // Docker's Go structures write an empty list as null.
  if (items === null) return [];
  if (!Array.isArray(items)) {
    complain([], `"${name}" is no list`);
    return [];
  }
  if (items.length > maximum) {
    complain([name], `has ${items.length} ${name}, more than ${maximum}`);
    return [];
  }
  return items.flatMap((item, index) => readDescriptor(item, [name, index], complain) ?? []);
}

/** What kind of artifact a manifest is: its artifact type, or for older writers the type of its config (manifest.md, "Artifacts"). */
export function artifactTypeOf(manifest: Manifest): string | undefined {
  return manifest.artifactType ?? (manifest.kind === 'image' ? manifest.config.mediaType : undefined);
}

/**
 * false for what hangs on an image or is none: it has a subject, is an artifact manifest, or has a config or layers that no image has, like the
 * signatures and attestations that Cosign keeps under tags. An index counts as an image of several platforms.
 */
export function isImageItself(manifest: Manifest): boolean {
  if (manifest.subject !== undefined || manifest.kind === 'artifact') return false;
  if (manifest.kind === 'index') return manifest.artifactType === undefined;
  const { config, layers } = manifest;
  return (
    isConfigMediaType(config.mediaType) && layers.every(({ mediaType }) => layerCompression(mediaType) !== undefined)
  );
}

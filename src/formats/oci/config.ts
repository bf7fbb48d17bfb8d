// SPDX-License-Identifier: Apache-2.0
// The configuration of an image (OCI image-spec 1.1, config.md; Docker's differs in nothing that is read here): how it runs, and which
// uncompressed layers it is made of.
import type { Digest } from '../../model/digest.ts';
import type { Limits } from '../../model/limits.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { Problem } from '../../model/problem.ts';
import type { JsonObject } from '../document.ts';
import { asArray, asObject, asString, asStrings } from '../document.ts';
import { readAnnotations } from './descriptor.ts';
import type { Platform } from './platform.ts';
import { parseContentDigest } from './reference.ts';
import type { StrictDocument } from './strict-json.ts';
import { parseStrictJson } from './strict-json.ts';

export interface ImageConfig {
  readonly platform: Platform;
  /** RFC 3339, as written. */
  readonly created?: string;
  readonly author?: string;
  /** Digests of the layers as plain tar, from the base upwards. */
  readonly diffIds: readonly Digest[];
  readonly history: readonly HistoryEntry[];
  readonly runtime: RuntimeConfig;
}

export interface HistoryEntry {
  readonly createdBy: string;
  readonly created?: string;
  readonly comment?: string;
  /** true when the step made no layer (ENV, USER). */
  readonly isEmptyLayer: boolean;
}

export interface RuntimeConfig {
  /** `user`, `uid`, `user:group`; empty means root. */
  readonly user: string;
  /** `NAME=value` in order. */
  readonly environment: readonly string[];
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly workingDirectory: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly exposedPorts: readonly string[];
  readonly volumes: readonly string[];
  readonly stopSignal?: string;
  /** Command of the health check (`CMD`, `CMD-SHELL` or `NONE` first); Docker only. */
  readonly healthCheck: readonly string[];
}

export interface ParsedConfig {
  /** Undefined when the document is refused. */
  readonly config: ImageConfig | undefined;
  readonly problems: readonly Problem[];
}

/** Reads the configuration of an image; `path` is what it is called in messages. Never throws. */
export function parseImageConfig(
  bytes: Uint8Array,
  path: string,
  limits: Pick<Limits, 'imageConfigBytes' | 'imageLayers'> = defaultLimits,
): ParsedConfig {
  const document = parseStrictJson(bytes, path, limits.imageConfigBytes);
  const { value, problems } = document;
  if (value === undefined) return { config: undefined, problems };
  const diffIds = readDiffIds(value, document, limits.imageLayers);
  const variant = asString(value['variant']);
  const osVersion = asString(value['os.version']);
  const created = asString(value['created']);
  const author = asString(value['author']);
  const config: ImageConfig = {
    platform: {
      os: asString(value['os']) ?? '',
      architecture: asString(value['architecture']) ?? '',
      ...(variant === undefined || variant === '' ? {} : { variant }),
      ...(osVersion === undefined || osVersion === '' ? {} : { osVersion }),
    },
    diffIds,
    history: asArray(value['history']).map(readHistory),
    runtime: readRuntime(asObject(value['config'])),
    ...(created === undefined ? {} : { created }),
    ...(author === undefined || author === '' ? {} : { author }),
  };
  return { config: problems.length === 0 ? config : undefined, problems };
}

function readDiffIds(value: JsonObject, document: StrictDocument, maximum: number): Digest[] {
  const rootfs = asObject(value['rootfs']);
  const ids = rootfs?.['diff_ids'];
  if (rootfs === undefined || (ids !== null && !Array.isArray(ids))) {
    document.complain(['rootfs'], 'the list of layers (rootfs.diff_ids) is missing');
    return [];
  }
  const list = asArray(ids);
  if (list.length > maximum) {
    document.complain(['rootfs'], `has ${list.length} layers, more than ${maximum}`);
    return [];
  }
  return list.flatMap((item, index) => {
    const digest = parseContentDigest(asString(item) ?? '');
    if (digest === undefined) document.complain(['rootfs', 'diff_ids', index], 'is no digest');
    return digest ?? [];
  });
}

function readHistory(item: unknown): HistoryEntry {
  const entry = asObject(item) ?? {};
  const created = asString(entry['created']);
  const comment = asString(entry['comment']);
  return {
    createdBy: asString(entry['created_by']) ?? '',
    isEmptyLayer: entry['empty_layer'] === true,
    ...(created === undefined ? {} : { created }),
    ...(comment === undefined || comment === '' ? {} : { comment }),
  };
}

function readRuntime(source: JsonObject | undefined): RuntimeConfig {
  const stopSignal = asString(source?.['StopSignal']);
  return {
    user: asString(source?.['User']) ?? '',
    environment: asStrings(source?.['Env']),
    entrypoint: asStrings(source?.['Entrypoint']),
    command: asStrings(source?.['Cmd']),
    workingDirectory: asString(source?.['WorkingDir']) ?? '',
    labels: readAnnotations(source?.['Labels']),
    exposedPorts: Object.keys(asObject(source?.['ExposedPorts']) ?? {}),
    volumes: Object.keys(asObject(source?.['Volumes']) ?? {}),
    healthCheck: asStrings(asObject(source?.['Healthcheck'])?.['Test']),
    ...(stopSignal === undefined || stopSignal === '' ? {} : { stopSignal }),
  };
}

// SPDX-License-Identifier: Apache-2.0
// The state database of podman: containers on a machine and the images they were made of (SQLite since podman 4.8, bolt before).

import type { BoltBucket } from '../../formats/bolt-file.ts';
import { boltBucket, boltText, parseBoltDatabase } from '../../formats/bolt-file.ts';
import { asObject, asString } from '../../formats/document.ts';
import { readSqliteTable } from '../../formats/sqlite-file.ts';
import type { Package } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import type { SourceFile } from '../../sources/source.ts';
import { imagePackage, parseImageReference, uniqueImages } from '../package-facts/image-reference.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const podmanContainers = defineCataloger({
  id: 'podman-containers',
  title: 'containers/storage/db.sql, bolt_state.db (podman)',
  ecosystems: ['docker'],
  kind: 'installed',
  files: ['**/containers/storage/db.sql', '**/containers/storage/libpod/bolt_state.db'],
  capabilities: {
    versions: 'exact',
    dependencies: 'none',
    scopes: false,
    licenses: false,
    digests: true,
    lines: false,
    gaps: ['images that no container was made of', 'what is inside the images'],
  },
  parse: parseState,
});

/** Configuration and state of one container, both JSON. */
interface Container {
  readonly config: string;
  readonly state: string;
}

function parseState(file: SourceFile): CatalogResult {
  const { containers, problems } = file.path.endsWith('.sql') ? fromSqlite(file) : fromBolt(file);
  const found = containers.map((container) => packageOfContainer(container, file.path));
  return { packages: uniqueImages(found.filter((item) => item !== undefined)), problems };
}

interface Containers {
  readonly containers: readonly Container[];
  readonly problems: readonly Problem[];
}

function fromSqlite(file: SourceFile): Containers {
  const configs = readSqliteTable(file.bytes, 'ContainerConfig', file.path);
  const states = readSqliteTable(file.bytes, 'ContainerState', file.path);
  const stateOf = new Map(states.rows.map((row) => [row['ID'], row['JSON']]));
  const containers = configs.rows.map((row) => ({
    config: textOf(row['JSON']),
    state: textOf(stateOf.get(row['ID'] ?? '')),
  }));
  return { containers, problems: configs.problems };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function fromBolt(file: SourceFile): Containers {
  const { root, problems } = parseBoltDatabase(file.bytes, file.path);
  const buckets = [...boltBucket(root, ['ctr']).values()].filter(
    (item): item is BoltBucket => !(item instanceof Uint8Array),
  );
  const containers = buckets.map((bucket) => ({
    config: boltText(bucket, 'config') ?? '',
    state: boltText(bucket, 'state') ?? '',
  }));
  return { containers, problems };
}

/** libpod/define/containerstate.go */
const stateNames = [
  'unknown',
  'configured',
  'created',
  'running',
  'stopped',
  'paused',
  'exited',
  'removing',
  'stopping',
];

function packageOfContainer(container: Container, path: string): Package | undefined {
  const config = jsonObject(container.config);
  const written = asString(config?.['RawImageName']) ?? asString(config?.['rootfsImageName']);
  const reference = written === undefined ? undefined : parseImageReference(written);
  if (reference === undefined) return undefined;
  const id = asString(config?.['rootfsImageID']);
  const number = jsonObject(container.state)?.['state'];
  const state = typeof number === 'number' ? stateNames[number] : undefined;
  const item = imagePackage({ ...reference, digest: id === undefined ? reference.digest : `sha256:${id}` }, { path });
  return {
    ...item,
    facts: { ...item.facts, other: { ...item.facts?.other, ...(state === undefined ? {} : { state }) } },
  };
}

function jsonObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}

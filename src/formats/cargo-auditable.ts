// SPDX-License-Identifier: Apache-2.0
// The crate list that cargo-auditable puts into a program: JSON, compressed with zlib, in the section `.dep-v0`.
// https://github.com/rust-secure-code/cargo-auditable/blob/master/cargo-auditable.schema.json
import { inflateSync } from 'node:zlib';
import { messageOf } from '../model/error.ts';
import { defaultLimits } from '../model/limits.ts';
import type { Problem } from '../model/problem.ts';
import { asArray, asObject, asString } from './document.ts';
import type { ExecutableImage } from './executable-image.ts';
import { sectionBytes } from './executable-image.ts';

export interface AuditableCrate {
  readonly name: string;
  readonly version: string;
  /** `crates.io`, `git`, `local`, `registry`. */
  readonly source: string;
  readonly kind: 'runtime' | 'build';
  readonly isRoot: boolean;
  /** Positions in the list. */
  readonly dependencies: readonly number[];
}

export interface AuditableCrates {
  readonly crates: readonly AuditableCrate[];
  readonly problems: readonly Problem[];
}

/** Undefined when the program has no such section. Never throws. */
export function readAuditableCrates(image: ExecutableImage, path: string): AuditableCrates | undefined {
  const compressed = sectionBytes(image, '.dep-v0');
  if (compressed === undefined || compressed.length === 0) return undefined;
  try {
    const json = inflateSync(compressed, { maxOutputLength: defaultLimits.manifestBytes }).toString('utf8');
    return { crates: asArray(asObject(JSON.parse(json))?.['packages']).map(crateOf), problems: [] };
  } catch (error) {
    const message = `the crate list of cargo-auditable is broken: ${messageOf(error)}`;
    return { crates: [], problems: [{ kind: 'syntax', message, location: { path }, hidesFindings: true }] };
  }
}

function crateOf(value: unknown): AuditableCrate {
  const item = asObject(value);
  return {
    name: asString(item?.['name']) ?? '',
    version: asString(item?.['version']) ?? '',
    source: asString(item?.['source']) ?? '',
    kind: item?.['kind'] === 'build' ? 'build' : 'runtime',
    isRoot: item?.['root'] === true,
    dependencies: asArray(item?.['dependencies']).filter((index) => typeof index === 'number'),
  };
}

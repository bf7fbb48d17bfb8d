// SPDX-License-Identifier: Apache-2.0
// index.json: which shards a database has, their sizes and digests, and where the facts come from (docs/database.md, "Index").
// Text to value and back; whether the text may be believed is the business of signature.ts.

import type { JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asString } from '../../formats/document.ts';
import { messageOf } from '../../model/error.ts';
import { invalidDatabase } from './failures.ts';
import type { ShardKind } from './shard-format.ts';

export const indexFormat = 1;

export interface DatabaseIndex {
  readonly format: typeof indexFormat;
  /** Grows with every publication; a smaller one than was seen before is refused. */
  readonly sequence: number;
  /** RFC 3339. */
  readonly created: string;
  /** RFC 3339; afterwards the database still works and is called stale. */
  readonly expires: string;
  readonly shards: readonly ShardListing[];
  readonly sources: readonly SourceListing[];
}

export interface ShardListing {
  /** OSV ecosystem with release; empty for the context shard. */
  readonly ecosystem: string;
  readonly kind: ShardKind;
  /** Name inside the folder `shards`. */
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly headBytes: number;
  readonly headSha256: string;
  /** Size of the blocks once unpacked. */
  readonly unpackedBytes: number;
  readonly packages: number;
  readonly advisories: number;
  /** RFC 3339 date of the newest advisory in it; empty when no record has a date. */
  readonly newest: string;
  /** Ids of `sources`. */
  readonly sources: readonly string[];
  /** true when the data is a sample of what the ecosystem has. */
  readonly partial: boolean;
}

export interface SourceListing {
  readonly id: string;
  readonly title: string;
  /** SPDX expression, or words where none fits. */
  readonly license: string;
  readonly attribution: string;
  readonly homepage: string;
  readonly advisories: number;
  readonly newest: string;
}

const fileName = /^[a-z0-9][a-z0-9._-]{0,150}\.shard$/;
const sha256Hex = /^[0-9a-f]{64}$/;
const dateTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;

/** Name of a shard file that says what it holds and changes with its content. */
export function shardFileName(listing: Pick<ShardListing, 'ecosystem' | 'kind' | 'sha256'>): string {
  const subject = listing.kind === 'context' ? 'context' : listing.ecosystem;
  const slug = subject
    .toLowerCase()
    .replaceAll(/[^a-z0-9.]+/g, '-')
    .replaceAll(/^[-.]+|[-.]+$/g, '')
    .slice(0, 80);
  return `${slug === '' ? 'shard' : slug}-${listing.sha256.slice(0, 16)}.shard`;
}

/** The exact bytes that are signed: indented JSON, keys in the order of the types above. */
export function serialiseIndex(index: DatabaseIndex): Uint8Array {
  return Buffer.from(`${JSON.stringify(index, undefined, 1)}\n`);
}

/** Reads an index; throws DATABASE_INVALID when a value that is relied on has the wrong shape. */
export function parseIndex(bytes: Uint8Array, name: string): DatabaseIndex {
  let document: unknown;
  try {
    document = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
  } catch (error) {
    throw invalidDatabase(`${name}: not JSON: ${messageOf(error)}`, error);
  }
  const reader = new FieldReader(document, name);
  const format = reader.whole('format');
  if (format !== indexFormat)
    throw invalidDatabase(`${name}: index format ${format}, this program reads ${indexFormat}`);
  const shards = asArray(reader.value('shards')).map((item, place) =>
    parseShard(new FieldReader(item, `${name}: shard ${place + 1}`)),
  );
  const files = new Set(shards.map((shard) => shard.file));
  const subjects = new Set(shards.map((shard) => `${shard.kind}:${shard.ecosystem}`));
  if (files.size !== shards.length || subjects.size !== shards.length)
    throw invalidDatabase(`${name}: a shard is listed twice`);
  return {
    format: indexFormat,
    sequence: reader.whole('sequence'),
    created: reader.matching('created', dateTime),
    expires: reader.matching('expires', dateTime),
    shards,
    sources: asArray(reader.value('sources')).map((item, place) =>
      parseSource(new FieldReader(item, `${name}: source ${place + 1}`)),
    ),
  };
}

function parseShard(reader: FieldReader): ShardListing {
  const kind = reader.text('kind');
  if (kind !== 'advisories' && kind !== 'context') throw invalidDatabase(`${reader.name}: unknown kind`);
  return {
    ecosystem: reader.text('ecosystem'),
    kind,
    file: reader.matching('file', fileName),
    bytes: reader.whole('bytes'),
    sha256: reader.matching('sha256', sha256Hex),
    headBytes: reader.whole('headBytes'),
    headSha256: reader.matching('headSha256', sha256Hex),
    unpackedBytes: reader.whole('unpackedBytes'),
    packages: reader.whole('packages'),
    advisories: reader.whole('advisories'),
    newest: reader.text('newest'),
    sources: asArray(reader.value('sources')).filter((item) => typeof item === 'string'),
    partial: reader.value('partial') === true,
  };
}

function parseSource(reader: FieldReader): SourceListing {
  return {
    id: reader.text('id'),
    title: reader.text('title'),
    license: reader.text('license'),
    attribution: reader.text('attribution'),
    homepage: reader.text('homepage'),
    advisories: reader.whole('advisories'),
    newest: reader.text('newest'),
  };
}

/** Takes members of a JSON object by type; anything else is DATABASE_INVALID with the member's name. */
class FieldReader {
  readonly name: string;
  readonly #object: JsonObject;

  constructor(value: unknown, name: string) {
    const object = asObject(value);
    if (object === undefined) throw invalidDatabase(`${name}: not an object`);
    this.#object = object;
    this.name = name;
  }

  value(key: string): unknown {
    return Object.hasOwn(this.#object, key) ? this.#object[key] : undefined;
  }

  text(key: string): string {
    const text = asString(this.value(key));
    if (text === undefined) throw invalidDatabase(`${this.name}: ${key} is not a string`);
    return text;
  }

  matching(key: string, pattern: RegExp): string {
    const text = this.text(key);
    if (!pattern.test(text)) throw invalidDatabase(`${this.name}: ${key} has a wrong form`);
    return text;
  }

  whole(key: string): number {
    const number = this.value(key);
    if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < 0) {
      throw invalidDatabase(`${this.name}: ${key} is not a whole number`);
    }
    return number;
  }
}

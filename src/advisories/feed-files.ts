// SPDX-License-Identifier: Apache-2.0
// Files as publishers give them out (JSON, JSON lines, YAML, TOML front matter, text, a Bolt file; plain, gzipped or in a zip archive) as
// single records. What the records mean is the business of the feeds.
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { isBoltDatabase, parseBoltDatabase } from '../formats/bolt-file.ts';
import { compressionOf } from '../formats/compression.ts';
import { asObject } from '../formats/document.ts';
import { decodeText } from '../formats/text.ts';
import { parseToml } from '../formats/toml.ts';
import { parseYamlDocument } from '../formats/yaml.ts';
import { isZip, readZipDirectory, readZipEntry } from '../formats/zip.ts';
import { messageOf } from '../model/error.ts';
import type { Limits } from '../model/limits.ts';
import type { Problem } from '../model/problem.ts';
import type { FeedRecord } from './feed.ts';
import { recordsOfTrivy } from './trivy-records.ts';

export interface FeedFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

export interface RecordReading {
  readonly limits: Limits;
  readonly onProblem: (problem: Problem) => void;
}

/** All records of a file, one at a time. Never throws: what cannot be read is told to `onProblem`. */
export function* recordsOf(file: FeedFile, reading: RecordReading): Generator<FeedRecord> {
  if (isZip(file.bytes)) {
    yield* recordsOfZip(file, reading);
    return;
  }
  if (isBoltDatabase(file.bytes)) {
    const { root, problems } = parseBoltDatabase(file.bytes, file.path);
    problems.forEach(reading.onProblem);
    yield* recordsOfTrivy(root, file.path);
    return;
  }
  const plain = unpack(file, reading);
  if (plain !== undefined) yield* recordsOfPlain(plain, reading);
}

function* recordsOfZip(file: FeedFile, reading: RecordReading): Generator<FeedRecord> {
  const { entries, problems } = readZipDirectory(file.bytes, file.path, reading.limits.feedRecords);
  problems.forEach(reading.onProblem);
  for (const entry of entries) {
    if (!isDataFile(entry.path)) continue;
    const content = readZipEntry(file.bytes, entry, reading.limits.feedFileBytes);
    if (content.kind === 'problem') reading.onProblem(content.problem);
    else {
      const plain = unpack({ path: entry.path, bytes: content.bytes }, reading);
      if (plain !== undefined) yield* recordsOfPlain(plain, reading);
    }
  }
}

/** Programs, pictures and pages of a repository are not worth unpacking. */
export function isDataFile(path: string): boolean {
  if (path.split('/').some((part) => part.startsWith('.') && part !== '.')) return false;
  return (
    /\.(?:json|jsonl|ndjson|ya?ml|md|csv|toml|txt|list|xml|db)(?:\.(?:gz|zst))?$/i.test(path) ||
    /(?:^|\/)(?:json|list)$/.test(path)
  );
}

function unpack(file: FeedFile, reading: RecordReading): FeedFile | undefined {
  const packing = compressionOf(file.bytes);
  if (packing === 'none') return file;
  const fail = (kind: Problem['kind'], message: string): undefined => {
    reading.onProblem({ kind, message, location: { path: file.path }, hidesFindings: true });
    return undefined;
  };
  if (packing !== 'gzip' && packing !== 'zstd') return fail('unsupported', `packed with ${packing}: unpack it first`);
  const limit = { maxOutputLength: reading.limits.feedFileBytes };
  try {
    const bytes = packing === 'gzip' ? gunzipSync(file.bytes, limit) : zstdDecompressSync(file.bytes, limit);
    return { path: file.path.replace(/\.(?:gz|zst)$/i, ''), bytes };
  } catch (error) {
    if (error instanceof RangeError) return fail('limit', `unpacks to more than ${reading.limits.feedFileBytes} bytes`);
    return fail('syntax', `cannot be unpacked: ${messageOf(error)}`);
  }
}

function* recordsOfPlain(file: FeedFile, reading: RecordReading): Generator<FeedRecord> {
  if (file.bytes.length > reading.limits.feedFileBytes) {
    const message = `has more than ${reading.limits.feedFileBytes} bytes`;
    reading.onProblem({ kind: 'limit', message, location: { path: file.path }, hidesFindings: true });
    return;
  }
  const extension = /\.([A-Za-z]+)$/.exec(file.path)?.[1]?.toLowerCase() ?? '';
  if (extension === 'jsonl' || extension === 'ndjson') yield* recordsOfLines(file, reading);
  else if (extension === 'json') yield* recordsOfJson(file, reading);
  else if (extension === 'yaml' || extension === 'yml') yield* recordsOfYaml(file, reading);
  else if (extension === 'md') yield* recordsOfFrontMatter(file, reading);
  else if (looksLikeJson(file.bytes) && isJson(textOf(file.bytes))) yield* recordsOfJson(file, reading);
  else yield { path: file.path, value: decodeText(file.bytes, file.path).text };
}

/** `[` alone proves nothing: Debian's lists of announcements begin with a date in brackets. */
function looksLikeJson(bytes: Uint8Array): boolean {
  const first = bytes.find((byte) => byte > 0x20);
  return first === 0x7b || first === 0x5b;
}

/** One document; a list at the top is one record per item. A file of several documents, one per line, is read as JSON lines. */
function* recordsOfJson(file: FeedFile, reading: RecordReading): Generator<FeedRecord> {
  let value: unknown;
  try {
    value = JSON.parse(textOf(file.bytes));
  } catch (error) {
    if (isJson(firstLine(file.bytes))) {
      yield* recordsOfLines(file, reading);
      return;
    }
    const message = `not valid JSON: ${messageOf(error).slice(0, 200)}`;
    reading.onProblem({ kind: 'syntax', message, location: { path: file.path }, hidesFindings: true });
    return;
  }
  if (!Array.isArray(value)) yield { path: file.path, value };
  else for (const item of value) yield { path: file.path, value: item };
}

function* recordsOfLines(file: FeedFile, reading: RecordReading): Generator<FeedRecord> {
  let line = 0;
  for (let start = 0; start < file.bytes.length; ) {
    const newline = file.bytes.indexOf(0x0a, start);
    const end = newline === -1 ? file.bytes.length : newline;
    const bytes = file.bytes.subarray(start, end);
    start = end + 1;
    line += 1;
    if (bytes.every((byte) => byte <= 0x20)) continue;
    const fail = (kind: Problem['kind'], message: string): void =>
      reading.onProblem({ kind, message, location: { path: file.path, line }, hidesFindings: true });
    if (line > reading.limits.feedRecords) {
      fail('limit', `more than ${reading.limits.feedRecords} records`);
      return;
    }
    if (bytes.length > reading.limits.feedRecordBytes) {
      fail('limit', `the record has more than ${reading.limits.feedRecordBytes} bytes`);
      continue;
    }
    try {
      yield unwrap({ path: `${file.path}:${line}`, value: JSON.parse(textOf(bytes)) });
    } catch (error) {
      fail('syntax', `not valid JSON: ${messageOf(error).slice(0, 200)}`);
    }
  }
}

/** Collections of files as JSON lines keep each file's path beside its content. */
function unwrap(record: FeedRecord): FeedRecord {
  const object = asObject(record.value);
  if (object === undefined || Object.keys(object).length !== 2) return record;
  const { path, advisory } = object;
  return typeof path === 'string' && asObject(advisory) !== undefined ? { path, value: advisory } : record;
}

/** Scalars stay text: `1.10` in a list of versions is no number. */
function* recordsOfYaml(file: FeedFile, reading: RecordReading): Generator<FeedRecord> {
  const { text } = decodeText(file.bytes, file.path);
  const document = parseYamlDocument(text, file.path, { resolver: 'strings' });
  document.problems.forEach(reading.onProblem);
  if (document.value !== undefined) yield { path: file.path, value: document.value };
}

/** RustSec: a TOML block at the top of a page of Markdown. Pages without one are no records. */
function* recordsOfFrontMatter(file: FeedFile, reading: RecordReading): Generator<FeedRecord> {
  const { text } = decodeText(file.bytes, file.path);
  if (!text.startsWith('```toml')) return;
  const end = text.indexOf('\n```', 7);
  const document = parseToml(text.slice(text.indexOf('\n') + 1, end === -1 ? text.length : end + 1), file.path);
  document.problems.forEach(reading.onProblem);
  if (document.value !== undefined) yield { path: file.path, value: document.value };
}

function textOf(bytes: Uint8Array): string {
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, bytes.byteLength - start).toString('utf8');
}

function firstLine(bytes: Uint8Array): string {
  const end = bytes.indexOf(0x0a);
  return end === -1 ? '' : textOf(bytes.subarray(0, end));
}

function isJson(text: string): boolean {
  if (text === '') return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

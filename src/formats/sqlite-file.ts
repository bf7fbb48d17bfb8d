// SPDX-License-Identifier: Apache-2.0
// Reads tables of an SQLite database file from its bytes: no library, no temporary files, hostile files welcome.
// https://www.sqlite.org/fileformat2.html. A write-ahead log beside the file is not looked at.
import { messageOf } from '../model/error.ts';
import type { Problem } from '../model/problem.ts';
import { syntaxProblem } from './text.ts';

export type SqliteValue = null | number | bigint | string | Uint8Array;
export type SqliteRow = Readonly<Record<string, SqliteValue>>;

export interface SqliteTable {
  /** Rows by column name; an INTEGER PRIMARY KEY column is null in the file and holds the row id here. */
  readonly rows: readonly SqliteRow[];
  readonly problems: readonly Problem[];
}

class Broken extends Error {}

/** All rows of the named table; none, without a problem, when the database has no such table. Never throws. */
export function readSqliteTable(bytes: Uint8Array, table: string, path: string): SqliteTable {
  const rows: SqliteRow[] = [];
  const { problems } = walkSqliteTable({ bytes, path }, table, (row) => rows.push(row));
  return { rows, problems };
}

/** The same, one row at a time, for tables whose rows are large. `hasTable` tells a missing table from an empty one. */
export function walkSqliteTable(
  file: { readonly bytes: Uint8Array; readonly path: string },
  table: string,
  take: (row: SqliteRow) => void,
): { readonly hasTable: boolean; readonly problems: readonly Problem[] } {
  let hasTable = false;
  try {
    const database = new SqliteFile(file.bytes);
    const schema = database.schemaOf(table);
    hasTable = schema !== undefined;
    if (schema !== undefined) for (const row of database.rows(schema.rootPage, schema.columns)) take(row);
  } catch (error) {
    const reason = error instanceof Broken ? error.message : messageOf(error);
    return { hasTable, problems: [syntaxProblem(file.path, `broken SQLite database: ${reason}`)] };
  }
  return { hasTable, problems: [] };
}

export function isSqlite(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, 16)).toString('latin1') === 'SQLite format 3\0';
}

interface Column {
  readonly name: string;
  readonly isRowId: boolean;
}

interface Payload {
  readonly rowId: number;
  readonly bytes: Uint8Array;
}

class SqliteFile {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #pageSize: number;
  readonly #usable: number;
  readonly #decoder: { decode(bytes: Uint8Array): string };
  #overflowing = 0;

  constructor(bytes: Uint8Array) {
    if (bytes.length < 512 || !isSqlite(bytes)) throw new Broken('no SQLite header');
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const size = this.#view.getUint16(16);
    this.#pageSize = size === 1 ? 65_536 : size;
    this.#usable = this.#pageSize - this.#view.getUint8(20);
    if (this.#pageSize < 512 || this.#usable < 480) throw new Broken('impossible page size');
    const encodings: Readonly<Record<number, string>> = { 2: 'utf-16le', 3: 'utf-16be' };
    this.#decoder = new TextDecoder(encodings[this.#view.getUint32(56)] ?? 'utf-8');
  }

  schemaOf(table: string): { readonly rootPage: number; readonly columns: readonly Column[] } | undefined {
    const columns = ['type', 'name', 'tbl_name', 'rootpage', 'sql'].map((name) => ({ name, isRowId: false }));
    for (const row of this.rows(1, columns)) {
      if (row['type'] === 'table' && row['name'] === table && typeof row['rootpage'] === 'number') {
        return { rootPage: row['rootpage'], columns: columnsOf(typeof row['sql'] === 'string' ? row['sql'] : '') };
      }
    }
    return undefined;
  }

  *rows(rootPage: number, columns: readonly Column[]): Generator<SqliteRow> {
    for (const { rowId, bytes } of this.#payloads(rootPage)) {
      const values = this.#record(bytes);
      const entries = columns.map(
        ({ name, isRowId }, index) => [name, isRowId ? rowId : (values[index] ?? null)] as const,
      );
      yield Object.fromEntries(entries);
    }
  }

  /** Walks a table b-tree; a page that is met twice is a loop. */
  *#payloads(rootPage: number): Generator<Payload> {
    const seen = new Set<number>();
    const queue = [rootPage];
    for (let page = queue.pop(); page !== undefined; page = queue.pop()) {
      if (seen.has(page)) throw new Broken(`page ${page} is part of a loop`);
      seen.add(page);
      const start = this.#pageStart(page);
      // The first page begins with the header of the file.
      const header = page === 1 ? start + 100 : start;
      const kind = this.#view.getUint8(header);
      const count = this.#view.getUint16(header + 3);
      if (kind !== 0x05 && kind !== 0x0d) throw new Broken(`page ${page} is no table page`);
      const pointers = header + (kind === 0x05 ? 12 : 8);
      const cells = Array.from({ length: count }, (_, index) => start + this.#view.getUint16(pointers + 2 * index));
      if (kind === 0x0d) for (const cell of cells) yield this.#leaf(cell);
      else queue.push(this.#view.getUint32(header + 8), ...cells.map((cell) => this.#view.getUint32(cell)).reverse());
    }
  }

  #pageStart(page: number): number {
    const start = (page - 1) * this.#pageSize;
    if (page < 1 || start + this.#pageSize > this.#bytes.length) throw new Broken(`there is no page ${page}`);
    return start;
  }

  #leaf(cell: number): Payload {
    const [length, afterLength] = this.#varint(this.#view, cell);
    const [rowId, start] = this.#varint(this.#view, afterLength);
    const largest = this.#usable - 35;
    if (length <= largest) return { rowId, bytes: this.#slice(start, length) };
    const least = Math.floor(((this.#usable - 12) * 32) / 255) - 23;
    const fitting = least + ((length - least) % (this.#usable - 4));
    const local = fitting <= largest ? fitting : least;
    return { rowId, bytes: this.#overflow(this.#slice(start, local), length, this.#view.getUint32(start + local)) };
  }

  #overflow(local: Uint8Array, length: number, first: number): Uint8Array {
    // Chains of different rows share no pages; in a file made to cost time, they may.
    this.#overflowing += length;
    if (this.#overflowing > this.#bytes.length) throw new Broken('values are longer than the file');
    const whole = new Uint8Array(length);
    whole.set(local);
    let at = local.length;
    for (let page = first; page !== 0 && at < length; ) {
      const start = this.#pageStart(page);
      const part = this.#slice(start + 4, Math.min(this.#usable - 4, length - at));
      whole.set(part, at);
      at += part.length;
      page = this.#view.getUint32(start);
    }
    if (at < length) throw new Broken('a value ends early');
    return whole;
  }

  #slice(start: number, length: number): Uint8Array {
    if (length < 0 || start + length > this.#bytes.length) throw new Broken('a value reaches beyond the file');
    return this.#bytes.subarray(start, start + length);
  }

  /** Record format: a header of serial types, then the values. */
  #record(bytes: Uint8Array): SqliteValue[] {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const values: SqliteValue[] = [];
    const [headerLength, first] = this.#varint(view, 0);
    let at = headerLength;
    for (let header = first; header < headerLength && header < bytes.length; ) {
      const [type, next] = this.#varint(view, header);
      header = next;
      const size = sizeOfSerial(type);
      if (at + size > bytes.length) throw new Broken('a column reaches beyond its record');
      values.push(this.#value(view, at, type));
      at += size;
    }
    return values;
  }

  #value(view: DataView, at: number, type: number): SqliteValue {
    if (type === 0 || type === 10 || type === 11) return null;
    if (type === 8 || type === 9) return type - 8;
    if (type === 7) return view.getFloat64(at);
    if (type < 7) return integerAt(view, at, sizeOfSerial(type));
    const bytes = new Uint8Array(view.buffer, view.byteOffset + at, sizeOfSerial(type));
    return type % 2 === 0 ? bytes : this.#decoder.decode(bytes);
  }

  /** Big-endian, seven bits a byte, nine bytes at most. Lengths and row ids beyond 2^53 occur in no real file. */
  #varint(view: DataView, start: number): readonly [number, number] {
    let value = 0;
    for (let index = 0; index < 7; index += 1) {
      if (start + index >= view.byteLength) throw new Broken('the file ends inside a number');
      const byte = view.getUint8(start + index);
      value = value * 128 + (byte & 0x7f);
      if (byte < 0x80) return [value, start + index + 1];
    }
    return this.#longVarint(view, start);
  }

  #longVarint(view: DataView, start: number): readonly [number, number] {
    if (start + 9 > view.byteLength) throw new Broken('the file ends inside a number');
    let value = 0n;
    for (let index = 0; index < 8; index += 1) {
      const byte = view.getUint8(start + index);
      value = (value << 7n) | BigInt(byte & 0x7f);
      if (byte < 0x80) return [Number(value), start + index + 1];
    }
    return [Number(BigInt.asIntN(64, (value << 8n) | BigInt(view.getUint8(start + 8)))), start + 9];
  }
}

function sizeOfSerial(type: number): number {
  if (type >= 12) return Math.floor((type - 12) / 2);
  return [0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0][type] ?? 0;
}

function integerAt(view: DataView, at: number, size: number): number | bigint {
  if (size === 8) {
    const value = view.getBigInt64(at);
    return value >= -(2n ** 53n) && value <= 2n ** 53n ? Number(value) : value;
  }
  let value = view.getInt8(at);
  for (let index = 1; index < size; index += 1) value = value * 256 + view.getUint8(at + index);
  return value;
}

/** Names of the columns of `CREATE TABLE x (...)`, in order; constraints of the table are no columns. */
function columnsOf(sql: string): Column[] {
  const open = sql.indexOf('(');
  const body = open === -1 ? '' : sql.slice(open + 1, sql.lastIndexOf(')'));
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at <= body.length; at += 1) {
    const character = body.charAt(at);
    if (character === '(') depth += 1;
    else if (character === ')') depth -= 1;
    else if ((character === ',' && depth === 0) || at === body.length) {
      parts.push(body.slice(start, at).trim());
      start = at + 1;
    }
  }
  return parts
    .filter((part) => part !== '' && !/^(?:CONSTRAINT|PRIMARY\s+KEY|UNIQUE|CHECK|FOREIGN\s+KEY)\b/i.test(part))
    .map((part) => ({
      name:
        /^(?:"([^"]*)"|`([^`]*)`|\[([^\]]*)\]|(\S+))/
          .exec(part)
          ?.slice(1)
          .find((name) => name !== undefined) ?? '',
      isRowId: /^\S+\s+INTEGER\s+PRIMARY\s+KEY\b/i.test(part),
    }));
}

// SPDX-License-Identifier: Apache-2.0
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { zipOf } from '../../test/support/zip-archive.ts';
import type { Limits } from '../model/limits.ts';
import { defaultLimits } from '../model/limits.ts';
import type { FeedRecord } from './feed.ts';
import { isDataFile, recordsOf } from './feed-files.ts';

function read(
  path: string,
  content: string | Uint8Array,
  limits: Partial<Limits> = {},
): { records: FeedRecord[]; problems: string[] } {
  const problems: string[] = [];
  const reading = {
    limits: { ...defaultLimits, ...limits },
    onProblem: (problem: { message: string }) => void problems.push(problem.message),
  };
  return { records: [...recordsOf({ path, bytes: Buffer.from(content) }, reading)], problems };
}

describe('recordsOf', () => {
  it('reads JSON lines one by one, with the place of each', () => {
    const { records, problems } = read('a.jsonl', '{"a":1}\n\n  {"a":2}\nbroken\n{"a":3}');

    expect(records).toEqual([
      { path: 'a.jsonl:1', value: { a: 1 } },
      { path: 'a.jsonl:3', value: { a: 2 } },
      { path: 'a.jsonl:5', value: { a: 3 } },
    ]);
    expect(problems).toEqual([expect.stringContaining('not valid JSON')]);
  });

  it('unpacks gzip and keeps the path that a line gives', () => {
    const { records } = read('all.jsonl.gz', gzipSync('{"path":"vuln/core/1.json","advisory":{"x":1}}\n'));

    expect(records).toEqual([{ path: 'vuln/core/1.json', value: { x: 1 } }]);
  });

  it('takes a list at the top of a document for many records, and lines in a .json file for lines', () => {
    expect(read('a.json', '[{"a":1},{"a":2}]').records.map((record) => record.value)).toEqual([{ a: 1 }, { a: 2 }]);
    expect(read('a.json', '{"a":1}\n{"a":2}\n').records.map((record) => record.value)).toEqual([{ a: 1 }, { a: 2 }]);
  });

  it('reads the documents of an archive and passes over programs and hidden files', () => {
    const archive = zipOf([
      { path: 'repo-main/a.json', bytes: Buffer.from('{"a":1}') },
      { path: 'repo-main/.github/workflows/ci.yml', bytes: Buffer.from('on: push') },
      { path: 'repo-main/tool.py', bytes: Buffer.from('print()') },
      { path: 'repo-main/b.yml', bytes: Buffer.from('b: 1.10') },
    ]);

    expect(read('all.zip', archive).records).toEqual([
      { path: 'repo-main/a.json', value: { a: 1 } },
      { path: 'repo-main/b.yml', value: { b: '1.10' } },
    ]);
  });

  it('gives text as it is, and JSON without an extension as JSON', () => {
    expect(read('DSA/list', '[1 Apr 2023] DSA')).toEqual({
      records: [{ path: 'DSA/list', value: '[1 Apr 2023] DSA' }],
      problems: [],
    });
    expect(read('scores.csv', 'a,b').records[0]?.value).toBe('a,b');
    expect(read('tracker/json', '{"a":1}').records[0]?.value).toEqual({ a: 1 });
  });

  it('keeps to its limits', () => {
    expect(read('a.jsonl', '{"a":"0123456789"}\n{}', { feedRecordBytes: 10 })).toMatchObject({
      records: [{ value: {} }],
      problems: [expect.stringContaining('more than 10')],
    });
    expect(read('a.jsonl', '{}\n{}\n{}', { feedRecords: 2 }).records).toHaveLength(2);
    expect(read('a.json', '{"a":"0123456789"}', { feedFileBytes: 10 })).toMatchObject({
      records: [],
      problems: [expect.stringContaining('more than 10')],
    });
    expect(read('a.json.gz', gzipSync('0'.repeat(100_000)), { feedFileBytes: 1_000 })).toMatchObject({
      records: [],
      problems: [expect.stringContaining('unpacks to more')],
    });
  });

  it('reports what is broken', () => {
    expect(read('a.json', '{"a":').problems).toEqual([expect.stringContaining('not valid JSON')]);
    expect(read('a.json.gz', gzipSync('{}').subarray(0, 12)).problems).toEqual([
      expect.stringContaining('cannot be unpacked'),
    ]);
    expect(read('a.yaml', 'a: [').problems).toEqual([expect.stringContaining('not valid YAML')]);
  });

  it('knows the files of a repository that may hold data', () => {
    const files = [
      'gems/a/CVE-1.yml',
      'a.json.gz',
      'tracker/data/json',
      'DSA/list',
      'src/main.rs',
      '.github/x.yml',
      'LICENSE',
    ];

    expect(files.filter(isDataFile)).toEqual(['gems/a/CVE-1.yml', 'a.json.gz', 'tracker/data/json', 'DSA/list']);
  });
});

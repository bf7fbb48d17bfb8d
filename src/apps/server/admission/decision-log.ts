// SPDX-License-Identifier: Apache-2.0
// Decisions on disk, bounded: one line of JSON each, in files that follow each other until the oldest is removed. `admission replay` reads them. Values of
// Secrets and of variables with telling names never reach the disk.

import type { ReviewedRequest } from '../../../formats/admission-review.ts';
import type { JsonObject } from '../../../formats/document.ts';
import { asObject } from '../../../formats/document.ts';
import type { StoredFolder } from '../../../io/stored-files.ts';
import type { Reviewed } from './review.ts';

export interface LoggedDecision {
  readonly id: string;
  /** RFC 3339. */
  readonly time: string;
  readonly phase: string;
  readonly outcome: Reviewed['outcome'];
  readonly message?: string;
  readonly request: ReviewedRequest;
}

export interface DecisionLogOptions {
  readonly folder: StoredFolder;
  /** Of one file, and how many there may be. */
  readonly fileBytes: number;
  readonly files: number;
}

const namePattern = /^decisions-(\d{8})\.jsonl$/;

export class DecisionLog {
  readonly #options: DecisionLogOptions;
  #number: number;
  #size: number;
  #lost = 0;

  constructor(options: DecisionLogOptions) {
    this.#options = options;
    const numbers = fileNumbers(options.folder);
    this.#number = numbers.at(-1) ?? 1;
    this.#size = options.folder.size(fileName(this.#number)) ?? 0;
  }

  /** Decisions that could not be written. */
  get lost(): number {
    return this.#lost;
  }

  /** Never throws: a full disk must not keep anybody from being admitted. */
  write(decision: LoggedDecision): void {
    const { folder, fileBytes, files } = this.#options;
    const line = Buffer.from(`${JSON.stringify({ ...decision, request: redacted(decision.request) })}\n`);
    try {
      if (this.#size + line.length > fileBytes && this.#size > 0) {
        this.#number += 1;
        this.#size = 0;
        for (const number of fileNumbers(folder).slice(0, -(files - 1) || undefined)) folder.remove(fileName(number));
      }
      folder.append(fileName(this.#number), line);
      this.#size += line.length;
    } catch {
      this.#lost += 1;
    }
  }
}

export interface KeptDecisions {
  /** Oldest first. */
  readonly decisions: readonly LoggedDecision[];
  /** Names of files that could not be read, or are longer than the limit. */
  readonly unread: readonly string[];
  /** Lines that are no decisions: a crash cuts off the last one. */
  readonly cut: number;
}

/** Everything that is kept. `maximumBytes` of one file. */
export function readDecisions(folder: StoredFolder, maximumBytes: number): KeptDecisions {
  const decisions: LoggedDecision[] = [];
  const unread: string[] = [];
  let cut = 0;
  for (const name of fileNumbers(folder).map(fileName)) {
    const bytes = folder.read(name, maximumBytes);
    if (bytes === undefined) {
      unread.push(name);
      continue;
    }
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
    for (const line of text.split('\n')) {
      if (line === '') continue;
      const decision = decisionOf(line);
      if (decision === undefined) cut += 1;
      else decisions.push(decision);
    }
  }
  return { decisions, unread, cut };
}

function decisionOf(line: string): LoggedDecision | undefined {
  try {
    const value = JSON.parse(line) as LoggedDecision;
    return asObject(value.request) === undefined ? undefined : value;
  } catch {
    return undefined;
  }
}

function fileNumbers(folder: StoredFolder): readonly number[] {
  return folder
    .list('')
    .flatMap((name) => namePattern.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

function fileName(number: number): string {
  return `decisions-${String(number).padStart(8, '0')}.jsonl`;
}

const gone = '**redacted**';
const tellingName = /pass|secret|token|key|credential|auth/i;

/** A request without what must not be kept: data of Secrets, values of telling variables, managed fields. */
export function redacted(request: ReviewedRequest): ReviewedRequest {
  const { object, oldObject, ...rest } = request;
  return {
    ...rest,
    ...(object === undefined ? {} : { object: redactedObject(object) }),
    ...(oldObject === undefined ? {} : { oldObject: redactedObject(oldObject) }),
  };
}

function redactedObject(object: JsonObject): JsonObject {
  const isSecret = object['kind'] === 'Secret';
  return walk(object, isSecret) as JsonObject;
}

function walk(value: unknown, isSecret: boolean): unknown {
  if (Array.isArray(value)) return value.map((item) => walk(item, isSecret));
  const object = asObject(value);
  if (object === undefined) return value;
  const isVariable = typeof object['name'] === 'string' && 'value' in object && tellingName.test(object['name']);
  return Object.fromEntries(
    Object.entries(object).flatMap(([key, member]): [string, unknown][] => {
      if (key === 'managedFields' || key === 'kubectl.kubernetes.io/last-applied-configuration') return [];
      if (isSecret && (key === 'data' || key === 'stringData'))
        return [[key, Object.fromEntries(Object.keys(asObject(member) ?? {}).map((name) => [name, gone]))]];
      if (isVariable && key === 'value') return [[key, gone]];
      return [[key, walk(member, isSecret)]];
    }),
  );
}

// SPDX-License-Identifier: Apache-2.0
// A transparency log for tests: takes entry bodies, gives promises, inclusion proofs and checkpoints like Rekor v1 and v2.
import { createHash, sign } from 'node:crypto';
import { leafHash, nodeHash } from '../../../src/evidence/signatures/merkle.ts';
import type { KeyPair } from './certificates.ts';
import { logIdOf } from './certificates.ts';

export interface LogParts {
  readonly keys: KeyPair;
  /** Host that the checkpoint is signed as. */
  readonly host: string;
}

/** Root and proof of the leaf at `index` by the recursive definition of RFC 9162 2.1. */
export function merkleProof(leaves: readonly Buffer[], index: number): { root: Buffer; hashes: Buffer[] } {
  if (leaves.length === 1) return { root: leaves[0] ?? Buffer.alloc(0), hashes: [] };
  const split = 2 ** (Math.ceil(Math.log2(leaves.length)) - 1);
  const left = leaves.slice(0, split);
  const right = leaves.slice(split);
  if (index < split) {
    const { root, hashes } = merkleProof(left, index);
    const other = merkleProof(right, 0).root;
    return { root: nodeHash(root, other), hashes: [...hashes, other] };
  }
  const { root, hashes } = merkleProof(right, index - split);
  const other = merkleProof(left, 0).root;
  return { root: nodeHash(other, root), hashes: [...hashes, other] };
}

/** A signed note of the log. */
export function checkpointOf(log: LogParts, size: number, root: Buffer): string {
  const body = `${log.host}\n${size}\n${root.toString('base64')}\n`;
  const signature = sign('sha256', Buffer.from(body), log.keys.privateKey);
  const line = Buffer.concat([logIdOf(log.keys).subarray(0, 4), signature]).toString('base64');
  return `${body}\n\u2014 ${log.host} ${line}\n`;
}

/** The signature of Rekor v1 over an entry and its time. */
export function promiseOf(log: LogParts, entry: { body: Buffer; integratedTime: number; logIndex: number }): Buffer {
  const text = JSON.stringify({
    body: entry.body.toString('base64'),
    integratedTime: entry.integratedTime,
    logID: logIdOf(log.keys).toString('hex'),
    logIndex: entry.logIndex,
  });
  return sign('sha256', Buffer.from(text), log.keys.privateKey);
}

export interface EntryParts {
  readonly kind: string;
  readonly version: string;
  readonly spec: unknown;
  /** Seconds since 1970; none for Rekor v2. */
  readonly integratedTime?: number;
}

/** A `tlogEntries` member of a bundle, at index 2 of a tree of five leaves. */
export function logEntry(log: LogParts, { kind, version, spec, integratedTime }: EntryParts): Record<string, unknown> {
  const body = Buffer.from(JSON.stringify({ apiVersion: version, kind, spec }));
  const leaves = ['a', 'b', body, 'd', 'e'].map((leaf) => leafHash(Buffer.from(leaf)));
  const { root, hashes } = merkleProof(leaves, 2);
  const promise =
    integratedTime === undefined
      ? {}
      : {
          integratedTime: String(integratedTime),
          inclusionPromise: {
            signedEntryTimestamp: promiseOf(log, { body, integratedTime, logIndex: 2 }).toString('base64'),
          },
        };
  return {
    logIndex: '2',
    logId: { keyId: logIdOf(log.keys).toString('base64') },
    kindVersion: { kind, version },
    ...promise,
    inclusionProof: {
      logIndex: '2',
      treeSize: '5',
      rootHash: root.toString('base64'),
      hashes: hashes.map((hash) => hash.toString('base64')),
      checkpoint: { envelope: checkpointOf(log, 5, root) },
    },
    canonicalizedBody: body.toString('base64'),
  };
}

export function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}

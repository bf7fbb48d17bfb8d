// SPDX-License-Identifier: Apache-2.0
// Checkpoints of transparency logs: a signed note (C2SP signed-note.md) whose text is origin, tree size and root hash (C2SP tlog-checkpoint.md).
import { decodeBase64 } from './base64.ts';
import type { Parsed } from './parsed.ts';
import { malformed, parsing } from './parsed.ts';

export interface NoteSignature {
  readonly name: string;
  /** First four octets of the key id. */
  readonly keyHint: Buffer;
  readonly signature: Buffer;
}

export interface Checkpoint {
  /** What the signatures cover. */
  readonly signedText: Buffer;
  readonly origin: string;
  readonly treeSize: number;
  readonly rootHash: Buffer;
  readonly signatures: readonly NoteSignature[];
}

const mostBytes = 64 * 1024;
const mostSignatures = 100;

export function parseCheckpoint(text: string): Parsed<Checkpoint> {
  return parsing(() => {
    if (text.length > mostBytes) malformed(`checkpoint larger than ${mostBytes} characters`);
    const split = text.lastIndexOf('\n\n');
    if (split === -1 || !text.endsWith('\n')) malformed('checkpoint has no signatures');
    const body = text.slice(0, split + 1);
    const [origin, size, root] = body.split('\n');
    if (origin === undefined || origin === '') return malformed('checkpoint has no origin');
    if (size === undefined || !/^[1-9][0-9]{0,15}$/.test(size) || !Number.isSafeInteger(Number(size)))
      return malformed('checkpoint has no tree size');
    const rootHash = root === undefined ? undefined : decodeBase64(root);
    if (rootHash?.length !== 32) return malformed('checkpoint has no root hash');
    const lines = text.slice(split + 2, -1).split('\n');
    if (lines.length > mostSignatures) malformed(`checkpoint with more than ${mostSignatures} signatures`);
    const signatures = lines.map(readSignature);
    return { signedText: Buffer.from(body, 'utf8'), origin, treeSize: Number(size), rootHash, signatures };
  });
}

function readSignature(line: string): NoteSignature {
  const [, name, encoded] = /^\u2014 ([^\s+]+) ([A-Za-z0-9+/=]+)$/.exec(line) ?? [];
  const bytes = encoded === undefined ? undefined : decodeBase64(encoded);
  if (name === undefined || bytes === undefined || bytes.length < 5) return malformed('signature line of a checkpoint');
  return { name, keyHint: bytes.subarray(0, 4), signature: bytes.subarray(4) };
}

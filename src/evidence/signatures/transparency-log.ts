// SPDX-License-Identifier: Apache-2.0
// Whether a log of the trust root vouches for an entry: by its promise (signed entry timestamp), by an inclusion proof up to a checkpoint that
// the log signed, or both. What the entry is about is compared elsewhere (log-entry-match.ts).
import type { Checkpoint } from '../../formats/checkpoint.ts';
import type { RekorEntry } from '../../formats/rekor-entry.ts';
import type { InclusionProof, LogEntry } from '../../formats/sigstore-bundle.ts';
import { leafHash, rootOf } from './merkle.ts';
import type { Refusal } from './refusal.ts';
import { refuse } from './refusal.ts';
import { isSignatureOf } from './signature.ts';
import type { Log } from './trust-root.ts';
import { isWithin } from './trust-root.ts';

export interface LoggedEntry {
  readonly kind: 'logged';
  readonly log: Log;
  readonly logIndex: number;
  /** Milliseconds since 1970, when the log vouches for a time. */
  readonly time: number | undefined;
}

/** `times` are proved times of signing from elsewhere; they say when the log's key must have been in use if the entry has no time of its own. */
export function checkLogEntry(entry: LogEntry, logs: readonly Log[], times: readonly number[]): LoggedEntry | Refusal {
  const named = logs.filter((log) => log.logId.equals(entry.logId));
  if (named.length === 0) return refuse('LOG_UNKNOWN', 'the trust root does not name the log of the entry');
  const hasPromise = entry.signedEntryTimestamp !== undefined;
  if (!hasPromise && entry.inclusionProof === undefined)
    return refuse('LOG_PROOF_INVALID', 'the entry has neither a promise nor a proof');
  // Only the promise covers the integrated time; without it the number is anybody's.
  const time = hasPromise && entry.integratedTime > 0 ? entry.integratedTime * 1000 : undefined;
  const needed = time === undefined ? times : [time];
  const usable = named.filter(({ validFor }) => needed.every((at) => isWithin(validFor, at)));
  if (usable.length === 0)
    return refuse('LOG_UNKNOWN', 'the trust root names the log, but not for the time of the entry');
  let reason: Refusal | undefined;
  for (const log of usable) {
    const refusal = checkPromise(entry, log) ?? checkProof(entry, log);
    if (refusal === undefined) return { kind: 'logged', log, logIndex: entry.logIndex, time };
    reason ??= refusal;
  }
  return reason ?? refuse('LOG_UNKNOWN', 'the trust root does not name the log of the entry');
}

function checkPromise(entry: LogEntry, log: Log): Refusal | undefined {
  const { signedEntryTimestamp: promise } = entry;
  if (promise === undefined) return undefined;
  // RFC 8785 over four members (rekor openapi.yaml, `verification.signedEntryTimestamp`); names and values need no escapes.
  const signed = Buffer.from(
    `{"body":"${entry.body.toString('base64')}","integratedTime":${entry.integratedTime},"logID":"${entry.logId.toString('hex')}","logIndex":${entry.logIndex}}`,
  );
  if (entry.integratedTime === 0) return refuse('LOG_PROMISE_INVALID', 'the entry has a promise but no time');
  return isSignatureOf(log.key, signed, promise)
    ? undefined
    : refuse('LOG_PROMISE_INVALID', 'the signed entry timestamp does not belong to the entry');
}

function checkProof(entry: LogEntry, log: Log): Refusal | undefined {
  const { inclusionProof: proof } = entry;
  if (proof === undefined) return undefined;
  return checkInclusion(entry, proof) ?? checkCheckpoint(proof.checkpoint, log, entry.entry);
}

function checkInclusion(entry: LogEntry, proof: InclusionProof): Refusal | undefined {
  const { checkpoint } = proof;
  if (!proof.rootHash.equals(checkpoint.rootHash))
    return refuse('LOG_CHECKPOINT_INVALID', 'the checkpoint is of another tree than the proof');
  if (proof.treeSize !== checkpoint.treeSize)
    return refuse('LOG_CHECKPOINT_INVALID', 'the checkpoint is of another tree size than the proof');
  const root = rootOf({
    leaf: leafHash(entry.body),
    index: proof.logIndex,
    treeSize: proof.treeSize,
    hashes: proof.hashes,
  });
  return root?.equals(checkpoint.rootHash) === true
    ? undefined
    : refuse('LOG_PROOF_INVALID', 'the inclusion proof does not lead from the entry to the root');
}

/**
 * Signatures of witnesses stand beside that of the log, in any order, and are passed over. The log's line is the one with its key hint and the
 * name of the checkpoint's origin. Rekor v2 signs as the host of its URL; Rekor v1 adds a tree id to the origin and lets the operator choose
 * the name, so there only the line and the origin must agree.
 */
function checkCheckpoint(checkpoint: Checkpoint, log: Log, entry: RekorEntry): Refusal | undefined {
  const { origin, signatures } = checkpoint;
  const [name] = origin.split(' - ');
  const hint = log.logId.subarray(0, 4);
  const candidates = signatures.filter((line) => line.keyHint.equals(hint) && line.name === name);
  if (candidates.length === 0)
    return refuse('LOG_CHECKPOINT_INVALID', 'the checkpoint is not signed by the log of the entry');
  if (isSecondRekor(entry) && log.baseUrl !== '' && origin !== hostOf(log.baseUrl))
    return refuse('LOG_CHECKPOINT_INVALID', 'the checkpoint is of another origin than the log');
  return candidates.some((line) => isSignatureOf(log.key, checkpoint.signedText, line.signature))
    ? undefined
    : refuse('LOG_CHECKPOINT_INVALID', 'the signature of the checkpoint is not good');
}

/** Rekor v2 holds entries 0.0.2 only; `intoto` 0.0.2 belongs to Rekor v1. */
function isSecondRekor({ kind, version }: RekorEntry): boolean {
  return version === '0.0.2' && kind !== 'intoto';
}

/** Host and path of a URL without scheme and trailing slash. */
function hostOf(url: string): string {
  return url.replace(/^https?:\/\//, '').replace(/\/$/, '');
}

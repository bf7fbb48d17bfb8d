// SPDX-License-Identifier: Apache-2.0
// What proves when a signature was made, and that it was made in public: RFC 3161 timestamps and log entries beside it. Whether the entries are
// about this signer is compared where the signer is known (signer.ts).

import type { SignaturePolicy } from './policy.ts';
import type { Proof } from './proof.ts';
import type { Refusal } from './refusal.ts';
import { isRefusal, refuse } from './refusal.ts';
import { checkTimestamp } from './timestamp.ts';
import type { LoggedEntry } from './transparency-log.ts';
import { checkLogEntry } from './transparency-log.ts';
import type { TrustRoot } from './trust-root.ts';

/** A time at which the signature is proved to have existed. */
export interface SigningTime {
  readonly source: 'log-entry' | 'timestamp';
  /** Milliseconds since 1970. */
  readonly time: number;
  /** URL of the log or authority. */
  readonly authority: string;
}

export interface History {
  readonly times: readonly SigningTime[];
  readonly entries: readonly LoggedEntry[];
}

export interface HistoryRequest {
  readonly proof: Proof;
  readonly trustRoot: TrustRoot;
  readonly policy: SignaturePolicy;
  /** Now, in milliseconds since 1970. */
  readonly time: number;
}

/** Clocks of logs and authorities may be ahead of ours by this much. */
const clockTolerance = 5 * 60 * 1000;

/** Everything in the proof that the policy makes use of must hold: a bad timestamp beside a good one is refused, not passed over. */
export function checkHistory(request: HistoryRequest, signature: Buffer): History | Refusal {
  const { proof, policy, time: now } = request;
  if (policy.mode === 'managed-key-without-log' && policy.timestamp === undefined) return { times: [], entries: [] };
  if (hasDuplicates(proof)) return refuse('LOG_ENTRY_DUPLICATE', 'a log entry or timestamp stands twice in the proof');
  const stamps = checkTimestamps(request, signature);
  if (isRefusal(stamps)) return stamps;
  const entries = usesLog(policy) ? checkEntries(request, stamps) : [];
  if (isRefusal(entries)) return entries;
  const times = [...stamps, ...entries.flatMap(timeOf)];
  const future = times.find(({ time }) => time > now + clockTolerance);
  if (future !== undefined)
    return refuse('TIME_IN_FUTURE', `signed ${new Date(future.time).toISOString()}, which has not come yet`);
  return checkRequired(policy, { times, entries });
}

function checkTimestamps({ proof, trustRoot }: HistoryRequest, signature: Buffer): readonly SigningTime[] | Refusal {
  const times: SigningTime[] = [];
  for (const response of proof.timestamps) {
    const stamp = checkTimestamp(response, signature, trustRoot.timestampAuthorities);
    if (isRefusal(stamp)) return stamp;
    times.push({ source: 'timestamp', time: stamp.time, authority: stamp.authority });
  }
  return times;
}

function checkEntries(
  { proof, trustRoot, time }: HistoryRequest,
  stamps: readonly SigningTime[],
): readonly LoggedEntry[] | Refusal {
  const times = stamps.length === 0 ? [time] : stamps.map((stamp) => stamp.time);
  const entries: LoggedEntry[] = [];
  for (const entry of proof.logEntries) {
    const logged = checkLogEntry(entry, trustRoot.transparencyLogs, times);
    if (isRefusal(logged)) return logged;
    entries.push(logged);
  }
  return entries;
}

function timeOf({ time, log }: LoggedEntry): SigningTime[] {
  return time === undefined ? [] : [{ source: 'log-entry', time, authority: log.baseUrl }];
}

/** A log that the policy says is not operated, or not asked for, is not looked at. */
export function usesLog(policy: SignaturePolicy): boolean {
  if (policy.mode === 'private-sigstore') return policy.signatureLog === 'required';
  if (policy.mode === 'own-pki') return policy.time === 'log-entry';
  return policy.mode !== 'managed-key-without-log';
}

function checkRequired(policy: SignaturePolicy, history: History): History | Refusal {
  if (usesLog(policy) && history.entries.length === 0)
    return refuse('LOG_MISSING', 'the signature is in no transparency log');
  if (policy.timestamp === 'required' && history.times.every(({ source }) => source !== 'timestamp'))
    return refuse('TIME_MISSING', 'there is no signed timestamp, and the policy asks for one');
  if (!needsTime(policy) || history.times.length > 0) return history;
  return refuse('TIME_MISSING', 'nothing proves when the signature was made');
}

function needsTime(policy: SignaturePolicy): boolean {
  if (policy.mode === 'own-pki') return policy.time !== 'now-because-nothing-proves-it';
  return policy.mode === 'public-good-keyless' || policy.mode === 'private-sigstore';
}

function hasDuplicates({ logEntries, timestamps }: Proof): boolean {
  const entries = new Set(logEntries.map(({ logId, logIndex }) => `${logId.toString('hex')}/${logIndex}`));
  const stamps = new Set(timestamps.map((stamp) => stamp.toString('base64')));
  return entries.size !== logEntries.length || stamps.size !== timestamps.length;
}

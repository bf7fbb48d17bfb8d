// SPDX-License-Identifier: Apache-2.0
// From a secret to what may be told of it: redacted, and with a keyed hash by which it is known again wherever it moves. After this the
// secret itself is gone.
import { createHmac } from 'node:crypto';
import type { Confidence } from '../../model/confidence.ts';
import type { SecretFinding } from '../../model/secret-finding.ts';
import type { CommitFacts } from './gitleaks-finding.ts';
import { charactersOf } from './gitleaks-finding.ts';
import type { RawSecret } from './raw-secret.ts';

/** Known to everybody: fingerprints of secrets that can be guessed can then be guessed too. Projects set a key of their own. */
export const publicFingerprintKey = 'landwaiter';

/** HMAC-SHA256 over rule and secret, 32 hexadecimal digits: the same after moves, squashes and rebases, another for another secret. */
export function secretFingerprint(raw: Pick<RawSecret, 'rule' | 'kind' | 'secret' | 'path'>, key: string): string {
  const what = raw.kind === 'path' ? `path\0${raw.path}` : `secret\0${raw.secret}`;
  return createHmac('sha256', key).update(`${raw.rule.id}\0${what}`, 'latin1').digest('hex').slice(0, 32);
}

export interface FindingContext {
  /** Of the fingerprint. */
  readonly key: string;
  readonly commit?: CommitFacts | undefined;
}

export function toFinding(raw: RawSecret, { key, commit }: FindingContext): SecretFinding {
  const { rule } = raw;
  const place = raw.kind === 'path' ? {} : { line: raw.startLine, endLine: raw.endLine, column: raw.startColumn };
  return {
    kind: 'secret',
    id: rule.id,
    title: rule.description === '' ? rule.id : rule.description,
    severity: rule.severity ?? 'high',
    confidence: rule.confidence ?? usualConfidence(rule.id),
    location: { path: raw.path, ...place },
    redacted: raw.kind === 'path' ? '' : redacted(charactersOf(raw.secret)),
    fingerprint: secretFingerprint(raw, key),
    ...(commit === undefined
      ? {}
      : { commit: { id: commit.id, author: commit.author, date: commit.date, message: firstLine(commit.message) } }),
    tags: raw.tags,
  };
}

/** Rules of other programs do not say. Generic ones are wrong more often than not. */
function usualConfidence(id: string): Confidence {
  return id.toLowerCase().includes('generic') ? 'low' : 'medium';
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}

/** The first four characters of a long secret, which often name its kind, and the last two; of a short one nothing. */
export function redacted(secret: string): string {
  const shown = Array.from(secret.trim().split(/\r?\n/, 1)[0] ?? '').map((sign) =>
    /\p{C}/u.test(sign) ? '\uFFFD' : sign,
  );
  if (shown.length < 16) return '****';
  return `${shown.slice(0, 4).join('')}****${shown.slice(-2).join('')}`;
}

// SPDX-License-Identifier: Apache-2.0
// Takes out secrets that somebody has accepted, and says which acceptances were of no use: a stale one hides the next secret.
import { publicFingerprintKey, secretFingerprint, toFinding } from '../../evidence/secrets/finding.ts';
import { toGitleaksFinding } from '../../evidence/secrets/gitleaks-finding.ts';
import type { GitleaksIgnoreEntry } from '../../formats/gitleaks-ignore.ts';
import type { GitleaksFinding } from '../../formats/gitleaks-report.ts';
import { gitleaksFingerprint, isSameFinding } from '../../formats/gitleaks-report.ts';
import type { SecretIgnoreEntry } from '../../formats/secret-ignore-file.ts';
import type { Location } from '../../model/location.ts';
import type { SecretFinding } from '../../model/secret-finding.ts';
import type { FoundSecret } from './secret-run.ts';

export interface Acceptances {
  /** Key of the fingerprints; undefined: the one that everybody knows. */
  readonly key: string | undefined;
  readonly content: readonly SecretIgnoreEntry[];
  readonly gitleaks: readonly { readonly path: string; readonly entries: readonly GitleaksIgnoreEntry[] }[];
  readonly baseline: readonly GitleaksFinding[];
  /** Fingerprints of a baseline that this program wrote. */
  readonly baselineFingerprints: ReadonlySet<string>;
  /** `2026-11-23` */
  readonly today: string;
}

export interface JudgedSecret extends FoundSecret {
  readonly finding: SecretFinding;
  readonly suppressed?: { readonly by: 'ignore file' | 'baseline'; readonly reason: string };
}

export interface UnusedAcceptance {
  readonly what: string;
  readonly location: Location;
  readonly why: 'unused' | 'expired';
}

export interface Judgement {
  readonly secrets: readonly JudgedSecret[];
  readonly unused: readonly UnusedAcceptance[];
}

export function judgeSecrets(found: readonly FoundSecret[], accepted: Acceptances): Judgement {
  const key = accepted.key ?? publicFingerprintKey;
  const used = new Set<unknown>();
  const isExpired = ({ expires }: SecretIgnoreEntry): boolean => expires !== undefined && expires < accepted.today;
  const content = new Map(
    accepted.content.filter((entry) => !isExpired(entry)).map((entry) => [entry.fingerprint, entry]),
  );
  const lines = new Map(
    accepted.gitleaks.flatMap(({ path, entries }) =>
      entries.map((entry) => [entry.fingerprint, { entry, path }] as const),
    ),
  );
  const baseline = baselineTest(accepted, key);
  const secrets = found.map((secret): JudgedSecret => {
    const finding = toFinding(secret.raw, { key, commit: secret.commit });
    const entry = content.get(finding.fingerprint);
    const gitleaks = toGitleaksFinding(secret.raw, { commit: secret.commit });
    const line =
      lines.get(gitleaksFingerprint(gitleaks, 'global')) ?? lines.get(gitleaksFingerprint(gitleaks, 'commit'));
    if (entry !== undefined) used.add(entry);
    if (line !== undefined) used.add(line.entry);
    const suppressed =
      entry !== undefined
        ? ({ by: 'ignore file', reason: entry.reason } as const)
        : line !== undefined
          ? ({ by: 'ignore file', reason: `${line.path}:${line.entry.line}` } as const)
          : baseline(secret, gitleaks)
            ? ({ by: 'baseline', reason: 'in the baseline' } as const)
            : undefined;
    return { ...secret, finding, ...(suppressed === undefined ? {} : { suppressed }) };
  });
  const unused = [
    ...accepted.content
      .filter((entry) => !used.has(entry))
      .map((entry) => ({
        what: entry.fingerprint,
        location: entry.location,
        why: isExpired(entry) ? ('expired' as const) : ('unused' as const),
      })),
    ...accepted.gitleaks.flatMap(({ path, entries }) =>
      entries
        .filter((entry) => !used.has(entry))
        .map((entry) => ({ what: entry.fingerprint, location: { path, line: entry.line }, why: 'unused' as const })),
    ),
  ];
  return { secrets, unused };
}

/**
 * As gitleaks compares, and besides by rule and secret alone, so that a secret of a baseline stays known when its line moves. What a baseline
 * holds redacted can only be compared in gitleaks' way.
 */
function baselineTest(
  { baseline, baselineFingerprints }: Acceptances,
  key: string,
): (secret: FoundSecret, gitleaks: GitleaksFinding) => boolean {
  const contents = new Set(
    baseline.filter(({ Secret }) => !isRedacted(Secret)).map(({ RuleID, Secret }) => `${RuleID}\0${Secret}`),
  );
  return (secret, gitleaks) =>
    baselineFingerprints.has(secretFingerprint(secret.raw, key)) ||
    (gitleaks.Secret !== '' && contents.has(`${gitleaks.RuleID}\0${gitleaks.Secret}`)) ||
    baseline.some((known) => isSameFinding(gitleaks, known, isRedacted(known.Secret) ? 'redacted' : 'shown'));
}

function isRedacted(secret: string): boolean {
  return secret === 'REDACTED' || secret.endsWith('...');
}

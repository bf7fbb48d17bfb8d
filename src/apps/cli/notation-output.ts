// SPDX-License-Identifier: Apache-2.0
// What the verification of Notary Project signatures says: for people who signed and how each of the five checks came out, for programs the
// same as JSON. Also the exit status: verified, refused, could not look.
import { leafName } from '../../evidence/signatures/notation/authenticity.ts';
import type { CheckResult } from '../../evidence/signatures/notation/verify.ts';
import { formatName } from '../../formats/distinguished-name.ts';
import type { NotationEnvelope } from '../../formats/notation/envelope.ts';
import type { TrustPolicyStatement } from '../../formats/notation/trust-policy.ts';
import { checkNames } from '../../formats/notation/trust-policy.ts';
import { layoutTable, printable } from '../../formats/text-table.ts';
import { shortDigest } from '../../model/digest.ts';
import { plural } from '../../model/quantity.ts';
import type { SignedManifest } from '../signatures/notation-attachment.ts';
import type { JudgedSignature, NotationVerdict } from '../signatures/notation-verify.ts';
import type { CommandContext } from './command.ts';
import { refusalText, unknownText } from './verification-output.ts';

/** One operand and what came of it. `skipped`: its statement says that nothing is verified. */
export type NotationJudgement =
  | { readonly kind: 'skipped'; readonly name: string; readonly statement: TrustPolicyStatement }
  | {
      readonly kind: 'judged';
      readonly name: string;
      readonly manifest: SignedManifest;
      readonly statement: TrustPolicyStatement;
      readonly verdict: NotationVerdict;
    };

export type NotationResult = 'skipped' | 'verified' | 'refused' | 'unsigned' | 'unknown';

/** `unknown`: a place was unread, or all that speaks against a signature is that nobody said whether its certificates were revoked. */
export function resultOf(judgement: NotationJudgement): NotationResult {
  if (judgement.kind === 'skipped') return 'skipped';
  const { accepted, refused, unread } = judgement.verdict;
  if (accepted !== undefined) return 'verified';
  const isOpen = refused.some(
    ({ verification }) => verification.kind === 'refused' && verification.refusal.code === 'REVOCATION_UNKNOWN',
  );
  if (unread.length > 0 || isOpen) return 'unknown';
  return refused.length > 0 ? 'refused' : 'unsigned';
}

export const exitOfResult: Readonly<Record<NotationResult, 0 | 1 | 3>> = {
  skipped: 0,
  verified: 0,
  refused: 1,
  unsigned: 1,
  unknown: 3,
};

/** The name in the signing certificate, as text that may go to a screen. */
export function signerName(envelope: NotationEnvelope | undefined): string {
  if (envelope === undefined) return 'nobody that could be read';
  const name = leafName(envelope.certificates);
  return name === undefined ? 'a name that can be read in two ways' : printable(formatName(name));
}

/** Checks that did not pass and that the statement only logs. */
function loggedFailures({ accepted }: NotationVerdict): readonly CheckResult[] {
  const checks = accepted?.verification.checks ?? [];
  return checks.filter(({ outcome }) => outcome === 'failed' || outcome === 'unknown');
}

/** On stderr: what the trust policy says to let pass. */
export function warnOfJudgement({ log }: CommandContext, judgement: NotationJudgement): void {
  const name = printable(judgement.name);
  if (judgement.kind === 'skipped') {
    log.warn(`${name}: nothing was verified; the trust policy says so (level skip)`);
    return;
  }
  for (const { check, detail } of loggedFailures(judgement.verdict))
    log.warn(`${name}: ${check} is only logged by the trust policy: ${printable(detail)}`);
}

const mostRefusals = 20;

/** The screen for one image. */
export function judgementText(judgement: NotationJudgement): string {
  const { statement } = judgement;
  const rule = `statement "${printable(statement.name)}", level ${statement.level}`;
  if (judgement.kind === 'skipped') return `${printable(judgement.name)} was not verified: ${rule}\n`;
  const { manifest, verdict } = judgement;
  const lines: string[] = [];
  const image = `${printable(judgement.name)} (${shortDigest(manifest.digest)})`;
  if (verdict.accepted !== undefined) {
    const isKnown = isAuthentic(verdict.accepted);
    const verb = isKnown ? 'is signed by' : 'has a signature of nobody who is trusted, made in the name of';
    lines.push(`${image} ${verb} ${signerName(verdict.accepted.verification.envelope)} (${rule})`);
    lines.push(...signatureLines(verdict.accepted));
    if (verdict.refused.length > 0) lines.push(`  not counted: ${plural(verdict.refused.length, 'other signature')}`);
  } else {
    lines.push(`${image}: ${headline(judgement)} (${rule})`);
    for (const item of verdict.refused.slice(0, mostRefusals)) {
      const maker =
        item.verification.envelope === undefined
          ? ''
          : ` made in the name of ${signerName(item.verification.envelope)}`;
      lines.push(`  signature ${shortDigest(item.signature.digest)}${maker}`);
      if (item.verification.kind === 'refused') lines.push(`  ${refusalText(item.verification.refusal)}`);
      lines.push(...signatureLines(item));
    }
    if (verdict.refused.length > mostRefusals) lines.push(`  and ${verdict.refused.length - mostRefusals} more`);
  }
  lines.push(...verdict.unread.map((item) => `  ${unknownText(item)}`));
  return `${lines.join('\n')}\n`;
}

function isAuthentic({ verification }: JudgedSignature): boolean {
  return verification.checks.some(({ check, outcome }) => check === 'authenticity' && outcome === 'passed');
}

function headline(judgement: NotationJudgement): string {
  const result = resultOf(judgement);
  if (result === 'unknown') return 'it could not be found out whether a signature counts';
  return result === 'refused' ? 'no signature counts' : 'it has no signature of the Notary Project';
}

const columns = [{ title: '' }, { title: '' }, { title: '' }, { title: '' }] as const;

/** All five checks; nothing for an envelope that could not be read. */
function signatureLines({ verification }: JudgedSignature): readonly string[] {
  if (verification.checks.length === 0) return [];
  const rows = checkNames.map((name) => {
    const result = verification.checks.find(({ check }) => check === name);
    return result === undefined
      ? [name, 'not reached', '', '']
      : [name, result.outcome, result.action, printable(result.detail)];
  });
  // The titles are empty: the rows speak for themselves.
  return layoutTable(columns, rows, undefined)
    .filter((line) => line.trim() !== '')
    .map((line) => `    ${line.trimEnd()}`);
}

/** The same as data. */
export function judgementJson(judgement: NotationJudgement): unknown {
  const { name, statement } = judgement;
  const head = { image: name, result: resultOf(judgement), statement: statement.name, level: statement.level };
  if (judgement.kind === 'skipped') return { ...head, signatures: [], unread: [] };
  const { manifest, verdict } = judgement;
  const all = [...(verdict.accepted === undefined ? [] : [verdict.accepted]), ...verdict.refused];
  return {
    ...head,
    digest: manifest.digest,
    mediaType: manifest.mediaType,
    signatures: all.map((item) => ({ isAccepted: item === verdict.accepted, ...signatureJson(item) })),
    unread: verdict.unread.map(({ code, reason }) => ({ code, reason })),
  };
}

function signatureJson({ signature, verification }: JudgedSignature): Readonly<Record<string, unknown>> {
  const { envelope } = verification;
  return {
    ...(signature.manifest === undefined ? {} : { manifest: signature.manifest }),
    envelope: signature.digest,
    mediaType: signature.mediaType,
    ...(envelope === undefined ? {} : claimedJson(envelope)),
    checks: verification.checks.map(({ check, action, outcome, detail }) => ({ check, action, outcome, detail })),
    ...(verification.kind === 'refused'
      ? { refusal: { code: verification.refusal.code, message: verification.refusal.message } }
      : { annotations: Object.fromEntries(verification.target.annotations) }),
  };
}

/** What an envelope says of itself. */
export function claimedJson(envelope: NotationEnvelope): Readonly<Record<string, unknown>> {
  const { algorithm, scheme, signingTime, authenticSigningTime, expiry, plugin, timestamp } = envelope;
  const time = signingTime ?? authenticSigningTime;
  return {
    signer: signerName(envelope),
    algorithm,
    signingScheme: scheme,
    ...(time === undefined ? {} : { signingTime: new Date(time).toISOString() }),
    ...(expiry === undefined ? {} : { expiry: new Date(expiry).toISOString() }),
    ...(plugin === undefined ? {} : { verificationPlugin: plugin.name }),
    hasTimestamp: timestamp !== undefined,
  };
}

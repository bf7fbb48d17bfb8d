// SPDX-License-Identifier: Apache-2.0
// Whether a certificate was revoked, by OCSP answers and CRLs that somebody else fetched (RFC 6960, RFC 5280 6.3). Says also what has to be
// fetched. What was not fetched, not signed, stale or of another certificate leaves the question open: "unknown" is never "good".
import type { RevocationList, RevokedCertificate } from '../../../formats/crl.ts';
import { removeFromCrl } from '../../../formats/crl.ts';
import type { OcspAnswer } from '../../../formats/ocsp.ts';
import { certificateIdOf, encodeOcspRequest, keyHashOf, parseOcspAnswer } from '../../../formats/ocsp.ts';
import type { RevocationPoints } from '../../../formats/revocation-points.ts';
import { parseRevocationPoints } from '../../../formats/revocation-points.ts';
import type { Certificate } from '../../../formats/x509.ts';
import { certificateKey, isSignedBy } from '../certificate-path.ts';
import { isRefusal } from '../refusal.ts';
import { isSignatureWith, schemeOf } from '../signature.ts';
import { readRevocationList } from './revocation-lists.ts';

/** What to fetch: `key` names the answer. */
export type RevocationQuestion =
  | { readonly kind: 'crl'; readonly key: string; readonly url: string }
  | { readonly kind: 'ocsp'; readonly key: string; readonly url: string; readonly body: Buffer };

export type FetchedAnswer =
  | { readonly kind: 'fetched'; readonly bytes: Uint8Array }
  | { readonly kind: 'failed'; readonly reason: string };

/** Answers by the key of their question; a question without answer was not asked. */
export type RevocationAnswers = ReadonlyMap<string, FetchedAnswer>;

export type RevocationStatus =
  /** `none`: the certificate names no place to ask, which the profile allows. */
  | { readonly status: 'good'; readonly method: 'ocsp' | 'crl' | 'none' }
  | { readonly status: 'revoked'; readonly method: 'ocsp' | 'crl'; readonly revokedAt: number }
  | { readonly status: 'unknown'; readonly reason: string };

interface Question {
  readonly certificate: Certificate;
  readonly issuer: Certificate;
  readonly answers: RevocationAnswers;
  /** Milliseconds since 1970: answers must be fresh then. */
  readonly time: number;
  /** When the signature was made, where that is proved: a key lost later does not touch it. */
  readonly signedAt: number | undefined;
}

export type ChainQuestion = Pick<Question, 'answers' | 'time' | 'signedAt'> & {
  readonly chain: readonly Certificate[];
};

const noPoints: RevocationPoints = { ocsp: [], crl: [], deltaCrl: [] };

function pointsOf(certificate: Certificate): RevocationPoints | undefined {
  const points = parseRevocationPoints(certificate.extensions);
  return points.kind === 'malformed' ? undefined : points.value;
}

function ocspKey(url: string, certificate: Certificate): string {
  return `ocsp ${url} ${certificate.serial.toString('hex')} ${certificate.issuer.toString('base64')}`;
}

function crlKey(url: string): string {
  return `crl ${url}`;
}

function isFetchable(url: string): boolean {
  return URL.canParse(url) && new URL(url).protocol === 'http:';
}

/** Questions that the answers so far leave open; to be asked again with the answers, because a CRL can name a delta. */
export function revocationQuestions(
  chain: readonly Certificate[],
  answers: RevocationAnswers,
): readonly RevocationQuestion[] {
  const questions = chain.slice(0, -1).flatMap((certificate, index): RevocationQuestion[] => {
    const issuer = chain[index + 1];
    const points = pointsOf(certificate) ?? noPoints;
    if (issuer === undefined) return [];
    const ocsp = points.ocsp.filter(isFetchable).map(
      (url): RevocationQuestion => ({
        kind: 'ocsp',
        key: ocspKey(url, certificate),
        url,
        body: encodeOcspRequest(certificate, issuer),
      }),
    );
    const deltas = points.crl.flatMap((url) => deltaUrls(points, answers.get(crlKey(url))));
    const crl = [...points.crl, ...deltas].filter(isFetchable);
    return [...ocsp, ...crl.map((url): RevocationQuestion => ({ kind: 'crl', key: crlKey(url), url }))];
  });
  const open = questions.filter(({ key }) => !answers.has(key));
  return [...new Map(open.map((question) => [question.key, question])).values()];
}

function deltaUrls(points: RevocationPoints, answer: FetchedAnswer | undefined): readonly string[] {
  const list = answer?.kind === 'fetched' ? readRevocationList(answer.bytes) : undefined;
  const named = list?.kind === 'parsed' ? parseRevocationPoints(list.value.extensions) : undefined;
  return [...points.deltaCrl, ...(named?.kind === 'parsed' ? named.value.deltaCrl : [])];
}

/** The worst status of a chain; its root is trusted as it is. */
export function checkChainRevocation({ chain, ...rest }: ChainQuestion): RevocationStatus {
  let worst: RevocationStatus = { status: 'good', method: 'none' };
  for (const [index, certificate] of chain.slice(0, -1).entries()) {
    const issuer = chain[index + 1];
    if (issuer === undefined) continue;
    const found = checkCertificate({ certificate, issuer, ...rest });
    if (found.status === 'revoked') return found;
    if (found.status === 'unknown' || (worst.status === 'good' && found.method !== 'none')) worst = found;
  }
  return worst;
}

function checkCertificate(question: Question): RevocationStatus {
  const points = pointsOf(question.certificate);
  if (points === undefined) return unknown('a certificate does not say readably where its revocation is told');
  if (points.ocsp.length + points.crl.length === 0) return { status: 'good', method: 'none' };
  const byOcsp = points.ocsp.map((url) => checkOcsp(question, url));
  const said = byOcsp.find(({ status }) => status === 'revoked') ?? byOcsp.find(({ status }) => status === 'good');
  if (said !== undefined) return said;
  const byCrl = points.crl.map((url) => checkCrl(question, points, url));
  return (
    byCrl.find(({ status }) => status === 'revoked') ??
    byCrl.find(({ status }) => status === 'good') ??
    byOcsp[0] ??
    byCrl[0] ??
    unknown('nothing could be asked')
  );
}

function unknown(reason: string): RevocationStatus {
  return { status: 'unknown', reason };
}

function bytesOf(answers: RevocationAnswers, key: string, url: string): Uint8Array | RevocationStatus {
  if (!isFetchable(url)) return unknown(`${url.slice(0, 200)} is not asked: only http addresses are`);
  const answer = answers.get(key);
  if (answer === undefined) return unknown(`${url} was not asked`);
  return answer.kind === 'fetched' ? answer.bytes : unknown(`${url}: ${answer.reason}`);
}

function isStatus(value: Uint8Array | RevocationStatus): value is RevocationStatus {
  return !(value instanceof Uint8Array);
}

/** A key that was lost after a proved time of signing does not touch the signature. */
function revokedStatus(
  method: 'ocsp' | 'crl',
  { revokedAt, invalidSince }: Omit<RevokedCertificate, 'reason'>,
  signedAt: number | undefined,
): RevocationStatus {
  const isLater = signedAt !== undefined && invalidSince !== undefined && signedAt < invalidSince;
  return isLater ? { status: 'good', method } : { status: 'revoked', method, revokedAt };
}

function isFresh(thisUpdate: number, nextUpdate: number | undefined, time: number): boolean {
  return thisUpdate <= time && nextUpdate !== undefined && time <= nextUpdate;
}

function checkOcsp({ certificate, issuer, answers, time, signedAt }: Question, url: string): RevocationStatus {
  const bytes = bytesOf(answers, ocspKey(url, certificate), url);
  if (isStatus(bytes)) return bytes;
  const parsed = parseOcspAnswer(bytes);
  if (parsed.kind === 'malformed') return unknown(`${url}: ${parsed.reason}`);
  const answer = parsed.value;
  if (!isSignedByResponder(answer, issuer, time))
    return unknown(`${url}: the answer is not signed by a responder of the issuer`);
  const single = answer.answers.find(({ certificate: id }) => {
    const wanted = certificateIdOf(certificate, issuer, id.algorithm);
    return (
      id.serial.equals(wanted.serial) &&
      id.issuerName.equals(wanted.issuerName) &&
      id.issuerKey.equals(wanted.issuerKey)
    );
  });
  if (single === undefined) return unknown(`${url}: the answer is about another certificate`);
  if (!isFresh(single.thisUpdate, single.nextUpdate, time)) return unknown(`${url}: the answer is not fresh`);
  if (single.status === 'revoked') return revokedStatus('ocsp', single, signedAt);
  return single.status === 'good'
    ? { status: 'good', method: 'ocsp' }
    : unknown(`${url}: the responder does not know the certificate`);
}

const ocspSigning = '1.3.6.1.5.5.7.3.9';

/** The issuer itself, or whom it certified for exactly this (RFC 6960 4.2.2.2). */
function isSignedByResponder(answer: OcspAnswer, issuer: Certificate, time: number): boolean {
  const delegates = answer.certificates.filter(
    (certificate) =>
      certificate.extendedKeyUsage?.has(ocspSigning) === true &&
      certificate.issuer.equals(issuer.subject) &&
      time >= certificate.notBefore &&
      time <= certificate.notAfter &&
      isSignedBy(certificate, issuer),
  );
  return [issuer, ...delegates].some((signer) => {
    const { responder } = answer;
    const isNamed =
      responder.kind === 'name'
        ? responder.name.equals(signer.subject)
        : responder.keyHash.equals(keyHashOf(signer, 'sha1'));
    return isNamed && isSignedWith(signer, answer);
  });
}

interface SignedList {
  readonly body: Buffer;
  readonly signature: Buffer;
  readonly signatureAlgorithm: string;
}

function isSignedWith(signer: Certificate, { body, signature, signatureAlgorithm }: SignedList): boolean {
  const key = certificateKey(signer);
  if (isRefusal(key)) return false;
  const scheme = schemeOf(key, signatureAlgorithm);
  return scheme !== undefined && isSignatureWith(key, scheme, { bytes: body, signature });
}

const crlSign = 6;

function checkCrl(question: Question, points: RevocationPoints, url: string): RevocationStatus {
  const { certificate, answers, signedAt } = question;
  const base = readList(question, url);
  if ('status' in base) return base;
  if (base.baseNumber !== undefined) return unknown(`${url}: only the changes of a list`);
  const serial = certificate.serial.toString('hex');
  let entry = base.revoked.get(serial);
  const deltas = deltaUrls(points, answers.get(crlKey(url)));
  if (deltas.length > 0) {
    const lists = deltas.map((deltaUrl) => readList(question, deltaUrl));
    const delta = lists.find((list) => !('status' in list));
    if (delta === undefined || 'status' in delta) return lists.find(isReason) ?? unknown(`${url}: no list of changes`);
    if (delta.baseNumber === undefined || base.number === undefined || delta.baseNumber > base.number)
      return unknown(`${url}: the list of changes does not continue the list`);
    const change = delta.revoked.get(serial);
    if (change !== undefined) entry = change.reason === removeFromCrl ? undefined : change;
  }
  if (entry === undefined || entry.reason === removeFromCrl) return { status: 'good', method: 'crl' };
  return revokedStatus('crl', entry, signedAt);
}

function isReason(list: RevocationList | RevocationStatus): list is RevocationStatus {
  return 'status' in list;
}

function readList({ certificate, issuer, answers, time }: Question, url: string): RevocationList | RevocationStatus {
  const bytes = bytesOf(answers, crlKey(url), url);
  if (isStatus(bytes)) return bytes;
  const parsed = readRevocationList(bytes);
  if (parsed.kind === 'malformed') return unknown(`${url}: ${parsed.reason}`);
  const list = parsed.value;
  if (!list.issuer.equals(issuer.subject)) return unknown(`${url}: the list is of another authority`);
  if (issuer.keyUsage !== undefined && !issuer.keyUsage.has(crlSign))
    return unknown(`${url}: the authority may not sign lists`);
  if (!isSignedWith(issuer, list)) return unknown(`${url}: the list is not signed by the authority`);
  if (!isFresh(list.thisUpdate, list.nextUpdate, time)) return unknown(`${url}: the list is not fresh`);
  const isCovered = list.scope === 'all' || (list.scope === 'authorities-only') === certificate.isAuthority;
  return isCovered ? list : unknown(`${url}: the list is not about such certificates`);
}

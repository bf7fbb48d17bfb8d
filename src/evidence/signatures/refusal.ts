// SPDX-License-Identifier: Apache-2.0
// Why a proof was not accepted. A closed union: every code has its row here, which is the source of docs/signatures.md. Nobody parses messages.

export const refusalCodes = {
  POLICY_INVALID: 'The policy names no signer, or an expression in it is not valid.',
  TRUST_ROOT_MALFORMED: 'The trust root is not of the format, or one of its entries lacks what bounds its trust.',
  PROOF_MALFORMED: 'The bundle, envelope or certificate is not of its format, or a name stands in it twice.',
  MATERIAL_MISMATCH: 'The proof was made with a certificate where the policy names keys, or the reverse.',
  KEY_UNSUPPORTED: 'The key or its algorithm is not one that this program verifies.',
  KEY_WEAK: 'The key is too short to prove anything.',
  KEY_NOT_VALID_THEN: 'The key was not in use when the signature was made.',
  ARTIFACT_MISMATCH: 'What was signed is not the artifact that is to be verified.',
  ARTIFACT_REQUIRED: 'This kind of signature can only be verified with the bytes of the artifact, not with its digest.',
  SIGNATURE_INVALID: 'The signature does not belong to the signed bytes and the key.',
  PAYLOAD_TYPE: 'The envelope holds something else than an in-toto statement.',
  STATEMENT_MALFORMED: 'The signed payload is not of its format.',
  PREDICATE_TYPE: 'The statement makes another kind of claim than the one asked for.',
  ANNOTATION_MISMATCH: 'A signed annotation is missing or has another value than the policy asks for.',
  CERTIFICATE_UNTRUSTED: 'No path leads from the certificate to an authority of the trust root.',
  CERTIFICATE_UNSUITABLE:
    'The certificate may not sign: it is an authority, lacks the purpose, or has a critical extension nobody here knows.',
  CERTIFICATE_NOT_VALID_THEN: 'A certificate was not valid at the time of signing that was proved.',
  CERTIFICATE_UNLOGGED: 'No log of the trust root vouches for the certificate (SCT).',
  LOG_MISSING: 'There is no entry of a transparency log, and the policy asks for one.',
  LOG_UNKNOWN: 'The entry is from a log that the trust root does not name, or not for that time.',
  LOG_PROMISE_INVALID: 'The signed entry timestamp is missing or does not belong to the entry.',
  LOG_PROOF_INVALID: 'The entry is not in the tree that the log signed.',
  LOG_CHECKPOINT_INVALID: 'The checkpoint is not signed by the log or is of another log.',
  LOG_ENTRY_MISMATCH: 'The entry is about another signature, another signer or another artifact.',
  LOG_ENTRY_DUPLICATE: 'One entry or timestamp stands twice.',
  TIMESTAMP_INVALID: 'The timestamp is not of the format, not for this signature, or not signed as it must be.',
  TIMESTAMP_UNTRUSTED: 'The timestamp is not from an authority that the trust root names for that time.',
  TIME_MISSING: 'Nothing proves when the signature was made, and its certificate was valid for a while only.',
  TIME_IN_FUTURE: 'A proved time lies in the future.',
  IDENTITY_AMBIGUOUS: 'The certificate does not name exactly one signer.',
  IDENTITY_MISMATCH: 'The signer is not one that the policy names.',
  SIGNATURE_EXPIRED: 'The signer set an end to the signature, and it has passed.',
  ALGORITHM_MISMATCH: 'The envelope names another algorithm than the one that its key signs with.',
  CERTIFICATE_REVOKED: 'A certificate of the chain was revoked.',
  REVOCATION_UNKNOWN:
    'Nobody could say whether a certificate was revoked: not asked, no answer, or an answer that proves nothing.',
  TRUST_STORE_INVALID: 'A trust store is missing, empty, or holds something that may not stand in it.',
  PLUGIN_REQUIRED:
    'The signature asks for a verification plugin that is not there, too old, or did not take part in what it must.',
  PLUGIN_REFUSED: 'The verification plugin that the signature asks for refused it.',
} as const;

export type RefusalCode = keyof typeof refusalCodes;

export interface Refusal {
  readonly kind: 'refused';
  readonly code: RefusalCode;
  readonly message: string;
}

export function refuse(code: RefusalCode, message: string): Refusal {
  return { kind: 'refused', code, message };
}

export function isRefusal(value: unknown): value is Refusal {
  return value !== null && typeof value === 'object' && (value as { kind?: unknown }).kind === 'refused';
}

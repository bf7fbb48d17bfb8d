// SPDX-License-Identifier: Apache-2.0
// AdmissionReview (admission.k8s.io/v1): what the API server sends to a webhook, and the answer. Foreign bytes in, a request or a fault out.
// https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#request
import type { JsonObject } from './document.ts';
import { asObject, asString } from './document.ts';

export interface ReviewedRequest {
  readonly uid: string;
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';
  readonly kind: { readonly group: string; readonly version: string; readonly kind: string };
  readonly resource: { readonly group: string; readonly version: string; readonly resource: string };
  readonly subResource?: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly userInfo?: JsonObject;
  readonly dryRun?: boolean;
  readonly options?: JsonObject;
  readonly object?: JsonObject;
  readonly oldObject?: JsonObject;
}

export type ParsedReview =
  | { readonly kind: 'request'; readonly request: ReviewedRequest }
  /** `uid` is there when the answer can be addressed; without it only an HTTP status can say what is wrong. */
  | { readonly kind: 'fault'; readonly message: string; readonly uid: string | undefined };

const operations = ['CREATE', 'UPDATE', 'DELETE', 'CONNECT'] as const;

/** Never throws. Only v1 is spoken: every API server since 1.16 does. */
export function parseAdmissionReview(text: string): ParsedReview {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: 'fault', message: 'the body is not JSON', uid: undefined };
  }
  const root = asObject(value);
  const request = asObject(root?.['request']);
  const uid = asString(request?.['uid']);
  const fault = (message: string): ParsedReview => ({ kind: 'fault', message, uid });
  if (root?.['kind'] !== 'AdmissionReview') return fault('the body is no AdmissionReview');
  if (root['apiVersion'] !== 'admission.k8s.io/v1')
    return fault(
      `AdmissionReview of the version ${String(root['apiVersion']).slice(0, 100)}; admission.k8s.io/v1 is spoken`,
    );
  if (request === undefined || uid === undefined || uid === '' || uid.length > 200)
    return { kind: 'fault', message: 'the review holds no request with a uid', uid: undefined };
  const operation = operations.find((word) => word === request['operation']);
  const kind = tripleOf(request['kind'], 'kind');
  const resource = tripleOf(request['resource'], 'resource');
  if (operation === undefined) return fault('the request names no known operation');
  if (kind === undefined || resource === undefined) return fault('the request names no kind or no resource');
  // Left out in silence it would be a request without an object, which few rules have anything against.
  const odd = objects.find((name) => !isObjectOrNone(request[name]));
  if (odd !== undefined) return fault(`${odd} of the request is no object`);
  const read: { -readonly [Name in keyof ReviewedRequest]: ReviewedRequest[Name] } = {
    uid,
    operation,
    kind: { group: kind.group, version: kind.version, kind: kind.last },
    resource: { group: resource.group, version: resource.version, resource: resource.last },
  };
  // Member by member: this is done for each review, and most have most of them.
  for (const name of texts) {
    const text = request[name];
    if (typeof text === 'string' && text !== '') read[name] = text;
  }
  for (const name of objects) {
    const object = asObject(request[name]);
    if (object !== undefined) read[name] = object;
  }
  if (request['dryRun'] === true) read.dryRun = true;
  return { kind: 'request', request: read };
}

const texts = ['subResource', 'name', 'namespace'] as const;
const objects = ['userInfo', 'options', 'object', 'oldObject'] as const;

function tripleOf(value: unknown, last: string): { group: string; version: string; last: string } | undefined {
  const object = asObject(value);
  const name = asString(object?.[last]);
  if (name === undefined || name === '') return undefined;
  return { group: asString(object?.['group']) ?? '', version: asString(object?.['version']) ?? '', last: name };
}

function isObjectOrNone(value: unknown): boolean {
  return value === undefined || value === null || asObject(value) !== undefined;
}

export interface ReviewAnswer {
  readonly uid: string;
  readonly allowed: boolean;
  /** HTTP status that the client of the API server sees, for refusals. */
  readonly code?: number;
  readonly message?: string;
  readonly warnings: readonly string[];
  readonly auditAnnotations: Readonly<Record<string, string>>;
  /** JSON Patch; empty for none. */
  readonly patch: readonly unknown[];
}

/** Longer warnings are cut by the API server, and all of them dropped when they are together longer than 4,096 characters. */
const warningLength = 256;
const allWarnings = 4_096;
const messageLength = 8_000;

/** The body of the answer. */
export function printReviewAnswer(answer: ReviewAnswer): string {
  const { uid, allowed, code, message, patch } = answer;
  const warnings = fitting(answer.warnings);
  const members = [`"uid":${JSON.stringify(uid)},"allowed":${String(allowed)}`];
  const add = (name: string, value: unknown): number => members.push(`"${name}":${JSON.stringify(value)}`);
  if (message !== undefined)
    add('status', { code: code ?? (allowed ? 200 : 403), message: message.slice(0, messageLength) });
  if (warnings.length > 0) add('warnings', warnings);
  if (Object.keys(answer.auditAnnotations).length > 0) add('auditAnnotations', answer.auditAnnotations);
  if (patch.length > 0) {
    add('patchType', 'JSONPatch');
    add('patch', Buffer.from(JSON.stringify(patch)).toString('base64'));
  }
  return `{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","response":{${members.join()}}}`;
}

function fitting(warnings: readonly string[]): readonly string[] {
  const kept: string[] = [];
  let length = 0;
  for (const warning of warnings) {
    const text = warning.length > warningLength ? `${warning.slice(0, warningLength - 1)}…` : warning;
    if (length + text.length > allWarnings - 60) {
      kept.push(`${warnings.length - kept.length} more warnings are in the audit log`);
      break;
    }
    kept.push(text);
    length += text.length;
  }
  return kept;
}

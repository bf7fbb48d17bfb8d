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
  const odd = ['object', 'oldObject', 'options', 'userInfo'].find((name) => !isObjectOrNone(request[name]));
  if (odd !== undefined) return fault(`${odd} of the request is no object`);
  return {
    kind: 'request',
    request: {
      uid,
      operation,
      kind: { group: kind.group, version: kind.version, kind: kind.last },
      resource: { group: resource.group, version: resource.version, resource: resource.last },
      ...stringMember(request, 'subResource'),
      ...stringMember(request, 'name'),
      ...stringMember(request, 'namespace'),
      ...objectMember(request, 'userInfo'),
      ...objectMember(request, 'options'),
      ...objectMember(request, 'object'),
      ...objectMember(request, 'oldObject'),
      ...(request['dryRun'] === true ? { dryRun: true } : {}),
    },
  };
}

function tripleOf(value: unknown, last: string): { group: string; version: string; last: string } | undefined {
  const object = asObject(value);
  const name = asString(object?.[last]);
  if (name === undefined || name === '') return undefined;
  return { group: asString(object?.['group']) ?? '', version: asString(object?.['version']) ?? '', last: name };
}

function isObjectOrNone(value: unknown): boolean {
  return value === undefined || value === null || asObject(value) !== undefined;
}

function stringMember<Name extends string>(object: JsonObject, name: Name): { [key in Name]?: string } {
  const value = asString(object[name]);
  return (value === undefined || value === '' ? {} : { [name]: value }) as { [key in Name]?: string };
}

function objectMember<Name extends string>(object: JsonObject, name: Name): { [key in Name]?: JsonObject } {
  const value = asObject(object[name]);
  return (value === undefined ? {} : { [name]: value }) as { [key in Name]?: JsonObject };
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
  return JSON.stringify({
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    response: {
      uid,
      allowed,
      ...(message === undefined
        ? {}
        : { status: { code: code ?? (allowed ? 200 : 403), message: message.slice(0, messageLength) } }),
      ...(warnings.length === 0 ? {} : { warnings }),
      ...(Object.keys(answer.auditAnnotations).length === 0 ? {} : { auditAnnotations: answer.auditAnnotations }),
      ...(patch.length === 0
        ? {}
        : { patchType: 'JSONPatch', patch: Buffer.from(JSON.stringify(patch)).toString('base64') }),
    },
  });
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

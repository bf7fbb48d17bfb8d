// SPDX-License-Identifier: Apache-2.0
// Changing objects: create, replace, server-side apply, patches, delete. Whether the server refused (and why) or nobody knows what became of it are
// different outcomes.
import type { JsonObject } from '../../formats/document.ts';
import { asObject, asString } from '../../formats/document.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { CallOptions, ChangeOptions, KindName, KubeClient, KubePatch, KubeResource } from './client.ts';
import type { Discovery } from './discovery.ts';
import type { KubeChange, KubeOutcome } from './outcome.ts';
import { kubeOutcomeOf } from './outcome.ts';
import type { ObjectPlace } from './paths.ts';
import { describeKind, objectPath, queryOf } from './paths.ts';
import type { Answer, KubeSender } from './sender.ts';
import { parseAnswer, readStatus, unknownOf } from './status.ts';

export interface ChangeParts {
  readonly sender: KubeSender;
  readonly discovery: Discovery;
  /** Where objects go that name no namespace. */
  readonly namespace: string;
}

export type KubeChanges = Pick<KubeClient, 'create' | 'update' | 'apply' | 'patch' | 'delete' | 'mayI'>;

/** Content types of patches; YAML is a superset of JSON, and server-side apply takes no other name. */
const patchTypes = {
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  json: 'application/json-patch+json',
  apply: 'application/apply-patch+yaml',
} as const;

export function changesOf(parts: ChangeParts): KubeChanges {
  return {
    create: (object, options = {}) =>
      change(parts, 'POST', { ...placed(parts, object, options), name: undefined, body: object, options }),
    update: (object, options = {}) =>
      change(parts, 'PUT', { ...placed(parts, object, options), body: object, options }),
    apply: (object, options) =>
      change(parts, 'PATCH', {
        ...placed(parts, object, options),
        body: applicable(object),
        type: 'apply',
        options,
        query: { force: options.force === true ? 'true' : undefined },
        repeatable: 'yes',
      }),
    patch: (kind, name, patch, options = {}) =>
      change(parts, 'PATCH', {
        kind,
        name,
        namespace: options.namespace ?? parts.namespace,
        body: patch.value,
        type: patch.type,
        options,
        // A merge has the same effect twice; operations of a JSON patch have not.
        repeatable: patch.type === 'merge' ? 'yes' : 'no',
      }),
    delete: (kind, name, options = {}) => {
      const { preconditions, propagation, gracePeriodSeconds, dryRun } = options;
      const body = {
        apiVersion: 'v1',
        kind: 'DeleteOptions',
        ...(preconditions === undefined ? {} : { preconditions }),
        ...(propagation === undefined ? {} : { propagationPolicy: propagation }),
        ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
        ...(dryRun === true ? { dryRun: ['All'] } : {}),
      };
      const { dryRun: _inBody, ...rest } = options;
      return change(parts, 'DELETE', {
        kind,
        name,
        namespace: options.namespace ?? parts.namespace,
        body,
        options: rest,
      });
    },
    mayI: (question) => askAccess(parts, question),
  };
}

interface Change {
  readonly kind: KindName | KubeResource;
  readonly name: string | undefined;
  readonly namespace: string;
  readonly body: JsonObject | readonly JsonObject[];
  readonly type?: KubePatch['type'] | 'apply';
  readonly options: ChangeOptions;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly repeatable?: 'yes' | 'no';
}

function placed(
  { namespace }: ChangeParts,
  object: JsonObject,
  options: ChangeOptions,
): Pick<Change, 'kind' | 'name' | 'namespace'> {
  const metadata = asObject(object['metadata']);
  return {
    kind: { apiVersion: asString(object['apiVersion']) ?? '', kind: asString(object['kind']) ?? '' },
    name: asString(metadata?.['name']) ?? '',
    namespace: asString(metadata?.['namespace']) || options.namespace || namespace,
  };
}

/** Server-side apply refuses objects that name their managers, and takes a version for a precondition. */
function applicable(object: JsonObject): JsonObject {
  const { managedFields: _managed, resourceVersion: _version, ...metadata } = asObject(object['metadata']) ?? {};
  return { ...object, metadata };
}

function change(parts: ChangeParts, method: string, wanted: Change): Promise<KubeChange<JsonObject>> {
  const { kind, name, namespace, body, type, options, repeatable = 'no' } = wanted;
  const verb = method === 'PATCH' ? (type === 'apply' ? 'apply' : 'patch') : (verbs[method] ?? method);
  const what = `${verb} ${describeKind(kind)} ${name ?? ''}`.trimEnd();
  return kubeOutcomeOf(async (): Promise<KubeChange<JsonObject>> => {
    const resource = await resourceFor(parts, kind, options);
    if (resource.kind === 'unknown') return resource;
    if (resource.kind === 'none') return absentKind(kind);
    const place: ObjectPlace = {
      namespace,
      ...(name === undefined ? {} : { name }),
      ...(options.subresource === undefined ? {} : { subresource: options.subresource }),
    };
    const query = queryOf({
      ...wanted.query,
      dryRun: options.dryRun === true ? 'All' : undefined,
      fieldManager: options.fieldManager,
      fieldValidation: options.fieldValidation,
    });
    const { signal, time } = options;
    const answer = await parts.sender.ask({
      method,
      path: objectPath(resource.value, place) + query,
      contentType: type === undefined ? 'application/json' : patchTypes[type],
      body: JSON.stringify(body),
      repeatable,
      maximum: defaultLimits.kubeAnswerBytes,
      ...(signal === undefined ? {} : { signal }),
      ...(time === undefined ? {} : { time }),
    });
    return readChange(answer, what);
  });
}

const verbs: Readonly<Record<string, string>> = { POST: 'create', PUT: 'update', DELETE: 'delete' };

/** A kind that was there a moment ago may just be coming: its definition is asked for once more by `Discovery`. */
function resourceFor(
  { discovery }: ChangeParts,
  kind: KindName | KubeResource,
  { time }: CallOptions,
): Promise<KubeOutcome<KubeResource>> {
  return discovery.resourceOf(kind, time === undefined ? {} : { time });
}

function absentKind(kind: KindName): KubeChange<JsonObject> {
  const message = `the server has no ${describeKind(kind)}`;
  return { kind: 'refused', status: 404, reason: 'NotFound', message, causes: [], warnings: [] };
}

function readChange(answer: Answer, what: string): KubeChange<JsonObject> {
  const value = asObject(parseAnswer(answer.body));
  const { status, warnings } = answer;
  if (status >= 200 && status < 300) {
    if (value !== undefined) return { kind: 'done', value, warnings };
    return { kind: 'unknown', fault: 'invalid', reason: `${what}: what came is not an object`, status };
  }
  const said = readStatus(value);
  // Whoever may not ask at all, is asked to wait, or meets a failure, does not know what would have been.
  if (said === undefined || status === 401 || status === 429 || status >= 500) return unknownOf(answer, what);
  return { kind: 'refused', status, reason: said.reason, message: said.message, causes: said.causes, warnings };
}

async function askAccess(
  { sender }: ChangeParts,
  { verb, group = '', resource, subresource, namespace, name }: Parameters<KubeClient['mayI']>[0],
): Promise<KubeOutcome<boolean>> {
  const resourceAttributes = {
    verb,
    group,
    resource,
    ...(subresource === undefined ? {} : { subresource }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
  };
  const body = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes },
  };
  return kubeOutcomeOf(async (): Promise<KubeOutcome<boolean>> => {
    const answer = await sender.ask({
      method: 'POST',
      path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      contentType: 'application/json',
      body: JSON.stringify(body),
      repeatable: 'yes',
      maximum: defaultLimits.kubeAnswerBytes,
    });
    const allowed = asObject(asObject(parseAnswer(answer.body))?.['status'])?.['allowed'];
    if (answer.status >= 300 || typeof allowed !== 'boolean')
      return unknownOf(answer, `ask whether it may ${verb} ${resource}`);
    return { kind: 'found', value: allowed };
  });
}

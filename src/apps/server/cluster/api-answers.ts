// SPDX-License-Identifier: Apache-2.0
// Questions of policies to the API server, one at a time: GET and LIST by path, and POST of questions that change nothing (reviews). The answer is bounded, and
// what could not be asked is a failure, never an empty answer.
import type { JsonObject } from '../../../formats/document.ts';
import type { CallOptions, KubeClient } from '../../../io/kube/client.ts';
import { parseAnswer, readStatus, unknownOf } from '../../../io/kube/status.ts';
import { defaultLimits } from '../../../model/limits.ts';
import type { ApiCall, Lookup } from '../../../policy/data-provider.ts';
import { checkedPath } from './api-path.ts';

/** Questions that the API server answers by POST and keeps nothing of: `/apis/authorization.k8s.io/v1/subjectaccessreviews`. */
const reviews = /^\/apis\/(?:authorization|authentication)\.k8s\.io\/v1\/[a-z]+reviews$/;

/** Never throws. `absent`: the API server itself says that it is not there. */
export async function askApiServer(
  client: KubeClient,
  call: ApiCall,
  { signal, time }: CallOptions = {},
): Promise<Lookup<unknown>> {
  const { urlPath, method, body } = call;
  if (urlPath === undefined)
    return { kind: 'failed', message: `${call.url ?? 'the service'} is not asked here (--call-services)` };
  const checked = checkedPath(urlPath);
  if ('fault' in checked) return { kind: 'failed', message: checked.fault };
  const { path } = checked;
  if (method === 'POST' && !reviews.test(path))
    return { kind: 'failed', message: `${path}: only reviews are asked by POST` };
  const answer = await client.raw({
    method,
    path,
    maximum: defaultLimits.policyContextLength,
    ...(method === 'POST' ? { body: JSON.stringify(body ?? {}) } : {}),
    ...(signal === undefined ? {} : { signal }),
    ...(time === undefined ? {} : { time }),
  });
  if ('kind' in answer) return { kind: 'failed', message: answer.reason };
  const value = parseAnswer(answer.body);
  if (answer.status === 404 && readStatus(value)?.reason === 'NotFound') return { kind: 'absent' };
  if (answer.status < 200 || answer.status > 299)
    return { kind: 'failed', message: unknownOf(answer, `${method} ${path}`).reason };
  return value === undefined
    ? { kind: 'failed', message: `${method} ${path}: what came is not JSON` }
    : { kind: 'found', value };
}

export interface ObjectName {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

/** One object by its name. Never throws. */
export async function askObject(
  client: KubeClient,
  { apiVersion, kind, namespace, name }: ObjectName,
  options: CallOptions = {},
): Promise<Lookup<JsonObject>> {
  const found = await client.get({ apiVersion, kind }, name, {
    ...options,
    ...(namespace === undefined ? {} : { namespace }),
  });
  if (found.kind === 'found') return found;
  return found.kind === 'none' ? { kind: 'absent' } : { kind: 'failed', message: found.reason };
}

// SPDX-License-Identifier: Apache-2.0
// Whether an object that was noted down some time ago is gone. Versions of kinds come and go, and the server says "not found" of a version that it has no more, too:
// what is asked for is the kind as it is served now. A kind that is not served at all hides its objects, which is no answer.
import { asObject, asString } from '../../../../formats/document.ts';
import type { KubeClient, KubeResource } from '../../../../io/kube/client.ts';
import type { ObjectPlace } from './generated-marks.ts';
import { groupOf } from './scanned-kinds.ts';

/** `unknown`: nobody can tell; `why`: a sentence. */
export type Absence = { readonly kind: 'there' } | { readonly kind: 'gone' | 'unknown'; readonly why: string };

/** Without a uid any object of that name will do. `served`: all kinds that the server has now. */
export async function absenceOf(
  client: KubeClient,
  { apiVersion, kind, namespace, name, uid }: ObjectPlace & { readonly uid?: string },
  served: readonly KubeResource[],
): Promise<Absence> {
  const what = describePlace({ kind, namespace, name });
  const resource = servedAs({ apiVersion, kind }, served);
  if (resource === undefined)
    return {
      kind: 'unknown',
      why: `whether ${what} is still there: the server has no kind ${kind} (${apiVersion}) now`,
    };
  const found = await client.get(resource, name, namespace === '' ? {} : { namespace });
  if (found.kind === 'none') return { kind: 'gone', why: `${what} is gone` };
  if (found.kind === 'unknown')
    return { kind: 'unknown', why: `whether ${what} is still there could not be asked: ${found.reason}` };
  const now = asString(asObject(found.value['metadata'])?.['uid']);
  if (uid === undefined || now === uid) return { kind: 'there' };
  if (now === undefined) return { kind: 'unknown', why: `whether ${what} is still there: the answer has no uid` };
  return { kind: 'gone', why: `${what} is another one now` };
}

/** `ConfigMap shop/web`. */
export function describePlace({ kind, namespace, name }: Pick<ObjectPlace, 'kind' | 'namespace' | 'name'>): string {
  return `${kind} ${namespace === '' ? name : `${namespace}/${name}`}`;
}

/** In its own version where there is one still; several resources may have one kind, and only some can be read. */
function servedAs(
  { apiVersion, kind }: Pick<ObjectPlace, 'apiVersion' | 'kind'>,
  served: readonly KubeResource[],
): KubeResource | undefined {
  const group = groupOf({ apiVersion });
  const all = served.filter((resource) => resource.kind === kind && groupOf(resource) === group);
  const readable = all.filter(({ verbs }) => verbs?.includes('get') === true);
  const fit = readable.length === 0 ? all : readable;
  return fit.find((resource) => resource.apiVersion === apiVersion) ?? fit[0];
}

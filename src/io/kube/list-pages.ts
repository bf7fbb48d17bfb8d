// SPDX-License-Identifier: Apache-2.0
// A list of objects in pages (limit and continue). A page that is too large is asked for again in smaller ones; a list whose beginning the server has
// forgotten (410) is given to the caller to decide: go on with what is newer, or begin again.
import type { JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asString } from '../../formats/document.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { KubeResource, ListOptions } from './client.ts';
import { KubeError } from './outcome.ts';
import { describeKind, objectPath, queryOf } from './paths.ts';
import type { KubeSender } from './sender.ts';
import { parseAnswer, readStatus, unknownOf } from './status.ts';

export interface ListPage {
  readonly items: readonly JsonObject[];
  /** Of the whole list: where a watch may begin. */
  readonly resourceVersion: string;
}

export interface PageOptions extends ListOptions {
  /** What to do when the server no longer has the moment at which the list began. */
  readonly expired: 'continue' | 'throw';
}

/** Accept header for whole objects or only their metadata. */
export function acceptFor(parts: 'whole' | 'metadata' | undefined, list: 'list' | 'object'): string {
  if (parts !== 'metadata') return 'application/json';
  const kind = list === 'list' ? 'PartialObjectMetadataList' : 'PartialObjectMetadata';
  return `application/json;as=${kind};g=meta.k8s.io;v=v1`;
}

/** Throws KubeError. */
export async function* listPages(
  sender: KubeSender,
  resource: KubeResource,
  options: PageOptions,
): AsyncGenerator<ListPage> {
  const { namespace, labelSelector, fieldSelector, signal, time } = options;
  const what = `list ${describeKind(resource)}`;
  const path = objectPath(resource, { namespace });
  let limit = Math.max(1, options.page ?? 500);
  let next: string | undefined;
  for (;;) {
    const query = queryOf({ limit, continue: next, labelSelector, fieldSelector });
    const answer = await askPage(sender, {
      path: path + query,
      accept: acceptFor(options.parts, 'list'),
      signal,
      time,
      limit,
    });
    if (answer === 'too-large') {
      limit = Math.ceil(limit / 4);
      continue;
    }
    if (answer.status === 410 && options.expired === 'continue') {
      const continuation = readStatus(parseAnswer(answer.body))?.continuation;
      if (continuation !== undefined && continuation !== next) {
        next = continuation;
        continue;
      }
    }
    if (answer.status !== 200) throw new KubeError(unknownOf(answer, what));
    const page = readPage(answer.body, resource, what);
    yield page;
    if (page.next !== undefined && page.next === next)
      throw new KubeError({
        fault: 'invalid',
        reason: `${what}: the list does not go on after "${next.slice(0, 20)}"`,
      });
    next = page.next;
    if (next === undefined) return;
  }
}

interface PageQuestion {
  readonly path: string;
  readonly accept: string;
  readonly signal: AbortSignal | undefined;
  readonly time: number | undefined;
  readonly limit: number;
}

async function askPage(
  sender: KubeSender,
  { path, accept, signal, time, limit }: PageQuestion,
): Promise<Awaited<ReturnType<KubeSender['ask']>> | 'too-large'> {
  try {
    return await sender.ask({
      method: 'GET',
      path,
      accept,
      repeatable: 'yes',
      maximum: defaultLimits.kubePageBytes,
      ...(signal === undefined ? {} : { signal }),
      ...(time === undefined ? {} : { time }),
    });
  } catch (error) {
    if (error instanceof KubeError && error.unknown.fault === 'limit' && limit > 1) return 'too-large';
    throw error;
  }
}

function readPage(
  body: Buffer,
  resource: KubeResource,
  what: string,
): ListPage & { readonly next: string | undefined } {
  const list = asObject(parseAnswer(body));
  const metadata = asObject(list?.['metadata']);
  const items = list?.['items'];
  // An empty list is `[]`, or null from servers of custom resources; anything else is no list.
  if (list === undefined || metadata === undefined || (items !== null && !Array.isArray(items)))
    throw new KubeError({ fault: 'invalid', reason: `${what}: what came is not a list` });
  const objects = asArray(items)
    .map(asObject)
    .filter((object) => object !== undefined);
  return {
    items: objects.map((object) => withKind(object, resource)),
    resourceVersion: asString(metadata['resourceVersion']) ?? '',
    next: asString(metadata['continue']) || undefined,
  };
}

/** Items of a list of a built-in kind name no kind, and those of a metadata list name another. */
export function withKind(object: JsonObject, { apiVersion, kind }: KubeResource): JsonObject {
  if (object['kind'] === kind && object['apiVersion'] === apiVersion) return object;
  const { apiVersion: _version, kind: _kind, ...rest } = object;
  return { apiVersion, kind, ...rest };
}

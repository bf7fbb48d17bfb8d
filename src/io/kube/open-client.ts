// SPDX-License-Identifier: Apache-2.0
// The client of one API server: discovery, reading, changing and watching put together. Everything of the world is handed in; nothing is asked until a
// method is called.

import type { JsonObject } from '../../formats/document.ts';
import { asObject, asString } from '../../formats/document.ts';
import type { ClusterAccess } from '../../formats/kubeconfig.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { Environment } from '../registry/proxy.ts';
import { changesOf } from './changes.ts';
import type { KindName, KubeClient, KubeResource, ListOptions, RawRequest, ServerVersion } from './client.ts';
import { kubeConnection } from './connection.ts';
import { kubeCredentials } from './credentials.ts';
import { Discovery } from './discovery.ts';
import { listPages } from './list-pages.ts';
import type { KubeOutcome } from './outcome.ts';
import { KubeError, kubeOutcomeOf } from './outcome.ts';
import type { KubePace } from './pace.ts';
import { systemPace } from './pace.ts';
import { describeKind, objectPath } from './paths.ts';
import { reflect } from './reflector.ts';
import { KubeSender } from './sender.ts';
import { parseAnswer, readStatus, unknownOf } from './status.ts';

export interface KubeClientOptions {
  /** Of findClusterAccess. */
  readonly access: ClusterAccess;
  /** For programs that print credentials. */
  readonly environment: Environment;
  readonly pace?: KubePace;
}

export function openKubeClient({ access, environment, pace = systemPace }: KubeClientOptions): KubeClient {
  const connection = kubeConnection(access);
  const credentials = kubeCredentials(access, { environment, now: pace.now });
  const sender = new KubeSender({ connection, credentials, pace });
  const discovery = new Discovery(sender, pace);
  const closing = new AbortController();
  const { namespace } = access;
  const changes = changesOf({ sender, discovery, namespace });
  return {
    ...changes,
    server: new URL(access.server).origin,
    namespace,
    get: (kind, name, options = {}) =>
      kubeOutcomeOf(async (): Promise<KubeOutcome<JsonObject>> => {
        const resource = await discovery.resourceOf(kind, options);
        if (resource.kind !== 'found') return resource;
        const { namespace: wanted = namespace, subresource, signal, time } = options;
        const answer = await sender.ask({
          method: 'GET',
          path: objectPath(resource.value, { namespace: wanted, name, subresource }),
          repeatable: 'yes',
          maximum: defaultLimits.kubeAnswerBytes,
          ...(signal === undefined ? {} : { signal }),
          ...(time === undefined ? {} : { time }),
        });
        return readObject(answer, `get ${describeKind(kind)} ${name}`);
      }),
    list: (kind, options = {}) => listObjects({ sender, discovery }, kind, options),
    watch: (kind, handler, options = {}) => {
      const signal = options.signal === undefined ? closing.signal : AbortSignal.any([options.signal, closing.signal]);
      const what = `watch ${describeKind(kind)}`;
      return reflect({ sender, pace, what, find: () => discovery.resourceOf(kind) }, handler, { ...options, signal });
    },
    resourceOf: (kind) => discovery.resourceOf(kind),
    resources: () => discovery.all(),
    version: () => kubeOutcomeOf(() => readVersion(sender)),
    raw: (request) => kubeOutcomeOf(() => sender.ask(rawQuestion(request))),
    close: () => {
      closing.abort();
      connection.close();
    },
  };
}

interface Reading {
  readonly sender: KubeSender;
  readonly discovery: Discovery;
}

async function* listObjects(
  { sender, discovery }: Reading,
  kind: KindName | KubeResource,
  options: ListOptions,
): AsyncGenerator<JsonObject> {
  const resource = await discovery.resourceOf(kind, options);
  if (resource.kind === 'unknown') throw new KubeError(resource);
  if (resource.kind === 'none')
    throw new KubeError({
      fault: 'invalid',
      reason: `list ${describeKind(kind)}: the server has no such kind`,
      status: 404,
    });
  for await (const page of listPages(sender, resource.value, { ...options, expired: 'continue' })) yield* page.items;
}

function readObject(answer: Awaited<ReturnType<KubeSender['ask']>>, what: string): KubeOutcome<JsonObject> {
  const value = asObject(parseAnswer(answer.body));
  // Only the API server itself can say that something is not there: a proxy in front of it cannot.
  if (answer.status === 404 && readStatus(value)?.reason === 'NotFound') return { kind: 'none' };
  if (answer.status !== 200) return unknownOf(answer, what);
  if (value !== undefined && asString(value['kind']) !== undefined) return { kind: 'found', value };
  return { kind: 'unknown', fault: 'invalid', reason: `${what}: what came is not an object`, status: answer.status };
}

async function readVersion(sender: KubeSender): Promise<KubeOutcome<ServerVersion>> {
  const answer = await sender.ask(rawQuestion({ path: '/version' }));
  const value = asObject(parseAnswer(answer.body));
  const gitVersion = asString(value?.['gitVersion']);
  if (answer.status !== 200 || gitVersion === undefined) return unknownOf(answer, 'ask for the version');
  // Some providers write `27+`.
  const number = (name: string): number => Number.parseInt(asString(value?.[name]) ?? '', 10) || 0;
  return { kind: 'found', value: { major: number('major'), minor: number('minor'), gitVersion } };
}

function rawQuestion({
  method = 'GET',
  path,
  headers,
  body,
  signal,
  time,
  maximum = defaultLimits.kubePageBytes,
}: RawRequest): Parameters<KubeSender['ask']>[0] {
  return {
    method,
    path,
    repeatable: method === 'GET' ? 'yes' : 'no',
    maximum,
    ...(headers === undefined ? {} : { headers }),
    ...(body === undefined ? {} : { body, contentType: headers?.['content-type'] ?? 'application/json' }),
    ...(signal === undefined ? {} : { signal }),
    ...(time === undefined ? {} : { time }),
  };
}

// SPDX-License-Identifier: Apache-2.0
// What a review may ask of the cluster. Evaluation is synchronous: what is watched is there at once, everything else is `pending`, is looked up, and the review is
// judged again. Answers hold for one review only: the next one sees the cluster as it is then. What could not be looked up is a failure of the rule that
// asked, or of the whole review where rules would take silence for an answer (labels of namespaces, roles).
import type { JsonObject } from '../../../formats/document.ts';
import { asObject } from '../../../formats/document.ts';
import type { KubeClient } from '../../../io/kube/client.ts';
import { KubeError } from '../../../io/kube/outcome.ts';
import { canonicalJson } from '../../../model/canonical-json.ts';
import { LandwaiterError, messageOf } from '../../../model/error.ts';
import { defaultLimits } from '../../../model/limits.ts';
import type { AdmissionData } from '../../../policy/admission-policy/params.ts';
import type { DataProvider, Lookup } from '../../../policy/data-provider.ts';
import { noData } from '../../../policy/data-provider.ts';
import { accessAnswerOf, accessReviewOf } from './access-review.ts';
import { askApiServer, askObject } from './api-answers.ts';
import { bareObject } from './bare-object.ts';
import type { Gate } from './gate.ts';
import type { GlobalContext } from './global-context.ts';
import type { RoleBindings } from './role-bindings.ts';
import type { WatchedNamespaces } from './watched-namespaces.ts';
import type { WatchedObjects } from './watched-objects.ts';

export interface LookupSources {
  readonly client: KubeClient;
  readonly namespaces: WatchedNamespaces;
  readonly objects: WatchedObjects;
  /** What lies in files beside policies. */
  readonly beside: readonly JsonObject[];
  /** Undefined: no policy asks for roles. */
  readonly roles: RoleBindings | undefined;
  readonly globalContext: GlobalContext;
  /** How many questions may be under way for all reviews together. */
  readonly gate: Gate;
  /** Milliseconds for one question. */
  readonly time: number;
}

export interface ClusterLookups {
  readonly cluster: AdmissionData;
  readonly provider: DataProvider;
}

export type Look = () => Promise<Lookup<unknown>>;

/** The answer of the review that is judged now, or `pending`, and the question is noted. The same name must always mean the same look. */
export type Ask = (name: string, look: Look) => Lookup<unknown>;

/** `background`: all objects of a kind may be asked for, which rules do that write; reviews that somebody waits for list nothing. */
export function clusterLookups(sources: LookupSources, purpose: 'admission' | 'background', note: Ask): ClusterLookups {
  const { client, namespaces, objects, beside, roles, globalContext, gate, time } = sources;
  const ask: Ask = (name, look) => note(`cluster ${name}`, () => gate.pass(look));
  const namespace = (name: string): JsonObject | undefined => {
    const watched = namespaces.get(name);
    if (watched !== undefined) return watched;
    // A namespace that was made a moment ago may not have been heard of yet.
    const asked = ask(`namespace ${name}`, () =>
      askObject(client, { apiVersion: 'v1', kind: 'Namespace', name }, { time }),
    );
    if (asked.kind === 'failed')
      throw new LandwaiterError({ code: 'NETWORK_FAILED', message: `namespace ${name}: ${asked.message}` });
    return asked.kind === 'found' ? (asObject(asked.value) ?? {}) : undefined;
  };
  return {
    cluster: {
      namespace,
      authorize: (question, user) => {
        if (user === undefined && question.serviceAccount === undefined)
          return { decision: 'no-opinion', error: 'nobody in particular asks: this is no request' };
        const call = accessReviewOf(question, user);
        const asked = ask(`call ${canonicalJson(call)}`, () => askApiServer(client, call, { time }));
        if (asked.kind === 'pending') return { decision: 'no-opinion', error: 'it is being asked' };
        const answer = asked.kind === 'found' ? accessAnswerOf(asked.value) : undefined;
        if (answer !== undefined) return answer;
        // "Not allowed" would be an answer.
        const message = asked.kind === 'failed' ? asked.message : 'the API server gives no answer';
        throw new LandwaiterError({
          code: 'NETWORK_FAILED',
          message: `who may do what could not be asked: ${message}`,
        });
      },
      objects: ({ apiVersion, kind }) => {
        const watched = objects.ofKind(apiVersion, kind);
        const filed = beside.filter((object) => object['apiVersion'] === apiVersion && object['kind'] === kind);
        return filed.length === 0 ? watched : [...filed, ...(watched ?? [])];
      },
    },
    provider: {
      ...noData,
      configMap: (within, name) => {
        const place = { apiVersion: 'v1', kind: 'ConfigMap', namespace: within, name };
        const watched = objects.one(place);
        if (watched.kind !== 'unwatched') return watched;
        return ask(`configMap ${within}/${name}`, () => askObject(client, place, { time })) as Lookup<JsonObject>;
      },
      apiCall: (call) => ask(`call ${canonicalJson(call)}`, () => askApiServer(client, call, { time })),
      globalContext: (name, projection) => globalContext.lookup(name, projection),
      objects: (apiVersion, kind, extent) => {
        // Whoever writes asks for all there are: a ConfigMap that some other policy names is not all ConfigMaps.
        const isAll = purpose === 'background' && !(kind === 'Secret' && extent === 'named');
        if (isAll && kind === 'Secret') return { kind: 'failed', message: 'Secrets are not listed here' };
        const watched = isAll ? objects.allOfKind(apiVersion, kind) : objects.ofKind(apiVersion, kind);
        if (watched !== undefined) return { kind: 'found', value: watched };
        if (purpose === 'admission') return { kind: 'found', value: [] };
        if (kind === 'Secret') return { kind: 'failed', message: 'Secrets are not listed here' };
        return ask(`list ${apiVersion} ${kind}`, () => listObjects(client, { apiVersion, kind })) as Lookup<
          readonly JsonObject[]
        >;
      },
      // A copy needs one object, and the right to read that one: Secrets are read in no other way. Requests that somebody waits for make no copies.
      ...(purpose === 'admission'
        ? {}
        : {
            object: ({ apiVersion, kind, namespace: within, name }) => {
              const place = { apiVersion, kind, name, ...(within === '' ? {} : { namespace: within }) };
              return ask(`object ${canonicalJson(place)}`, async () => {
                const answer = await askObject(client, place, { time });
                return answer.kind === 'found' ? { kind: 'found', value: bareObject(answer.value) } : answer;
              }) as Lookup<JsonObject>;
            },
          }),
      ...(roles === undefined ? {} : { rolesOf: (userInfo: JsonObject) => roles.rolesOf(userInfo) }),
    },
  };
}

async function listObjects(
  client: KubeClient,
  kind: { readonly apiVersion: string; readonly kind: string },
): Promise<Lookup<readonly JsonObject[]>> {
  const found: JsonObject[] = [];
  let size = 0;
  try {
    for await (const object of client.list(kind)) {
      const bare = bareObject(object);
      size += JSON.stringify(bare).length;
      if (size > defaultLimits.backgroundListLength)
        return {
          kind: 'failed',
          message: `${kind.kind} (${kind.apiVersion}): more than ${defaultLimits.backgroundListLength} characters`,
        };
      found.push(bare);
    }
    return { kind: 'found', value: found };
  } catch (error) {
    if (error instanceof KubeError && error.unknown.status === 404) return { kind: 'absent' };
    return { kind: 'failed', message: messageOf(error) };
  }
}

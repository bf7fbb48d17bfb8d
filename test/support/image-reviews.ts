// SPDX-License-Identifier: Apache-2.0
// Admission reviews about images of a test registry, judged the way the webhook does: policies, the image service, and the asking between them.
import type { AskingOptions } from '../../src/apps/server/admission/asking/asking.ts';
import { Asking } from '../../src/apps/server/admission/asking/asking.ts';
import { ImageService } from '../../src/apps/server/admission/images/image-service.ts';
import type { ImageLifetimes } from '../../src/apps/server/admission/images/lifetimes.ts';
import type { PullSecrets } from '../../src/apps/server/admission/images/pull-secrets.ts';
import type { Reviewed } from '../../src/apps/server/admission/review.ts';
import { reviewRequest } from '../../src/apps/server/admission/review.ts';
import type { RevocationFetcher } from '../../src/apps/signatures/notation-verify.ts';
import type { JsonObject } from '../../src/formats/document.ts';
import { registryStore } from '../../src/io/registry/client.ts';
import type { Operation } from '../../src/policy/admission-policy/request.ts';
import { requestFor } from '../../src/policy/admission-policy/request.ts';
import { noData } from '../../src/policy/data-provider.ts';
import type { EngineData } from '../../src/policy/engine.ts';
import { policyEngines } from '../../src/policy/engines.ts';
import { compileJsonPatch } from '../../src/policy/patch/json-patch.ts';
import { applyJsonPatch } from '../../src/policy/patch/json-patch-apply.ts';
import type { PolicySet } from '../../src/policy/policy-set.ts';
import { compilePolicySet } from '../../src/policy/policy-set.ts';
import { testClient } from './registry/client.ts';
import type { TestRegistry } from './registry/test-registry.ts';
import { worldRoot } from './signing/image-proofs.ts';
import { now as signingTime } from './signing/sigstore.ts';
import { documents } from './verify-images.ts';

export interface ImageReviewsOptions {
  /** Every image is looked for here, whatever its host. */
  readonly registry: TestRegistry;
  readonly policies: readonly JsonObject[];
  readonly pullSecrets?: PullSecrets;
  readonly lifetimes?: ImageLifetimes;
  readonly revocation?: RevocationFetcher;
  /** Milliseconds since 1970 at the beginning. */
  readonly time?: number;
  readonly asking?: Partial<AskingOptions>;
}

export interface ReviewWish {
  readonly phase?: 'mutate' | 'validate';
  readonly operation?: Operation;
  readonly oldObject?: JsonObject;
  readonly subResource?: string;
  /** Milliseconds for looking. */
  readonly budget?: number;
}

export interface ImageReviews {
  readonly service: ImageService;
  readonly asking: Asking;
  readonly set: PolicySet;
  readonly data: EngineData;
  /** Defects that were reported. */
  readonly defects: unknown[];
  /** Credentials of every repository that was opened. */
  readonly opened: (readonly string[])[];
  /** Not a promise where everything is known. */
  review(object: JsonObject, wish?: ReviewWish): Reviewed | Promise<Reviewed>;
  /** Milliseconds since 1970. */
  now(): number;
  /** Moves the clock by milliseconds. */
  pass(milliseconds: number): void;
  /** Another trust root, as after an update. */
  changeRoot(): void;
}

export function imageReviews(options: ImageReviewsOptions): ImageReviews {
  const { registry, policies } = options;
  const defects: unknown[] = [];
  const opened: (readonly string[])[] = [];
  let time = options.time ?? signingTime;
  const asking = new Asking({ waiting: 100, atOnce: 16, report: (error) => defects.push(error), ...options.asking });
  const client = testClient();
  const trustRoot = { generation: 0, current: worldRoot };
  const service = new ImageService({
    asking,
    now: () => time,
    keys: { cwd: '/', environment: {}, fetch },
    trustRoot,
    openStore: (reference, credentials) => {
      opened.push(credentials);
      return registryStore(client, { ...reference, registry: registry.host });
    },
    ...(options.pullSecrets === undefined ? {} : { pullSecrets: options.pullSecrets }),
    ...(options.lifetimes === undefined ? {} : { lifetimes: options.lifetimes }),
    ...(options.revocation === undefined ? {} : { revocation: options.revocation }),
  });
  const text = policies.map((policy) => JSON.stringify(policy)).join('\n---\n');
  const set = compilePolicySet(documents(text), policyEngines, {
    unbound: 'apply',
    surroundings: { now: () => time, random: () => 0 },
  });
  const [problem] = set.problems.filter(({ hidesFindings }) => hidesFindings);
  if (problem !== undefined) throw new Error(problem.message);
  const data = {
    cluster: {
      objects: () => [],
      namespace: (name: string) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }),
    },
    provider: { ...noData, ...service.answers },
  };
  const settings = {
    exemptions: { namespaces: new Set<string>(), usernames: new Set<string>() },
    modeOf: () => 'enforce' as const,
    onError: 'deny' as const,
  };
  return {
    service,
    asking,
    set,
    data,
    defects,
    opened,
    review: (object, { phase = 'validate', operation = 'CREATE', oldObject, subResource, budget = 5_000 } = {}) => {
      const request = {
        ...requestFor(object, operation),
        uid: 'u',
        ...(oldObject === undefined ? {} : { oldObject }),
        ...(subResource === undefined ? {} : { subResource }),
      };
      return asking.judge(() => reviewRequest(request, { set, data, settings, phase, id: 'd' }), {
        time,
        milliseconds: budget,
      });
    },
    now: () => time,
    pass: (milliseconds) => {
      time += milliseconds;
    },
    changeRoot: () => {
      trustRoot.generation += 1;
    },
  };
}

/** The object as a mutating review leaves it. */
export function patched(object: JsonObject, { patch }: Reviewed['answer']): unknown {
  const compiled = compileJsonPatch(patch, 'api-server');
  const result = compiled.kind === 'patch' ? applyJsonPatch(compiled.patch, object) : compiled;
  if (result.kind !== 'patched') throw new Error(result.message);
  return result.value;
}

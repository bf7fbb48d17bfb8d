// SPDX-License-Identifier: Apache-2.0
// Images for `admission serve`: registries, keys and trust material of this machine behind the service that answers reviews.
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { TrustRoot } from '../../evidence/signatures/trust-root.ts';
import { findClusterAccess } from '../../io/kube/access.ts';
import type { KubeClient } from '../../io/kube/client.ts';
import { openKubeClient } from '../../io/kube/open-client.ts';
import { HostGates } from '../../io/registry/retry.ts';
import type { SystemRegistryOptions } from '../../io/registry/system.ts';
import { systemRegistryClient, systemTransport } from '../../io/registry/system.ts';
import { LandwaiterError, messageOf } from '../../model/error.ts';
import type { EngineData } from '../../policy/engine.ts';
import type { Asking } from '../server/admission/asking/asking.ts';
import { clusterPullSecrets } from '../server/admission/images/cluster-pull-secrets.ts';
import { ImageService } from '../server/admission/images/image-service.ts';
import { RegistryPool } from '../server/admission/images/registry-pool.ts';
import { largestAnswer, RememberedRevocation } from '../server/admission/images/remembered-revocation.ts';
import { pinnedTrustRoot, trustRootFile } from '../signatures/trust-roots.ts';
import type { FlagValues } from './arguments.ts';
import type { CommandContext } from './command.ts';
import { notationFetcher } from './notation-revocation.ts';

export interface AdmissionImages {
  /** What policies may look up, with images. */
  withImages(data: EngineData): EngineData;
  /** Takes up a trust root that changed on disk; one that cannot be read leaves the old one in place. */
  lookAgain(): void;
  /** Lines of metrics. */
  metrics(): readonly string[];
  close(): void;
}

/** Requests that one registry gets at a time, unless --max-workers says something else. */
const perHost = 6;
/** Milliseconds: reviews wait for seconds at most, and what takes longer than that is asked again by the next one. */
const patience = { stall: 5_000, longest: 15_000 };
/** Of services that say whether certificates were revoked. */
const revocationBounds = { stall: 2_000, longest: 4_000, maximum: largestAnswer };
const retry = { attempts: 3, first: 100, longest: 2_000 };

/** `client`: of a cluster that is open already. Throws INPUT_UNREADABLE, CONFIG_INVALID. */
export function admissionImages(
  context: CommandContext,
  values: FlagValues,
  { asking, client }: { readonly asking: Asking; readonly client: KubeClient | undefined },
): AdmissionImages {
  const { environment, cwd, clock, log } = context;
  const system: SystemRegistryOptions = {
    environment,
    home: environment['HOME'],
    insecure: values.list('insecure-registry'),
    retry,
    // Whoever may make a Pod names them.
    names: 'from strangers',
  };
  const transport = systemTransport(system, patience);
  const shared = { transport, gates: new HostGates(Math.max(1, values.number('max-workers') ?? perHost)) };
  const pool = new RegistryPool({
    open: (credentials) => systemRegistryClient({ ...system, credentials, shared }),
    elapsed: () => clock.elapsed(),
  });
  // A configuration of registries that cannot be read is told now, not with the first image.
  systemRegistryClient({ ...system, shared });
  const own = client === undefined && values.isSet('pull-secrets') ? clusterOf(context) : undefined;
  const reader = values.isSet('pull-secrets') ? (client ?? own) : undefined;
  const network = notationFetcher(context, values, revocationBounds);
  const revocation = network.fetcher && new RememberedRevocation({ fetch: network.fetcher, now: () => clock.now() });
  const trustRoot = new TrustRootInForce(values.text('trusted-root'), context);
  const service = new ImageService({
    asking,
    now: () => clock.now(),
    trustRoot,
    keys: { cwd, environment, fetch },
    openStore: (reference, credentials) => pool.store(reference, credentials),
    tell: (line) => log.debug(line),
    // Without the flag nobody here can read a Secret of a workload, whatever rights the account has.
    ...(reader === undefined ? {} : { pullSecrets: clusterPullSecrets(reader) }),
    ...(revocation === undefined ? {} : { revocation: revocation.fetch }),
  });
  const { answers } = service;
  return {
    withImages: (data) => ({ ...data, provider: { ...data.provider, ...answers } }),
    lookAgain: () => trustRoot.lookAgain(),
    metrics: () => [...metricsOf(service, asking), ...(revocation === undefined ? [] : revocationMetrics(revocation))],
    close: () => {
      transport.close();
      network.close();
      own?.close();
    },
  };
}

function clusterOf({ environment }: CommandContext): KubeClient {
  return openKubeClient({ access: findClusterAccess({ environment, home: environment['HOME'] }), environment });
}

class TrustRootInForce {
  readonly #file: string | undefined;
  readonly #context: CommandContext;
  #root: TrustRoot | undefined;
  #stamp: string;
  generation = 0;

  constructor(named: string | undefined, context: CommandContext) {
    this.#context = context;
    this.#file = named === undefined ? undefined : resolve(context.cwd, named);
    this.#stamp = stampOf(this.#file);
    // A file that is named must be there; the pinned root is opened when something needs it.
    if (this.#file !== undefined) this.#root = trustRootFile(this.#file, '/');
  }

  current(): TrustRoot {
    this.#root ??= pinnedTrustRoot();
    return this.#root;
  }

  lookAgain(): void {
    const stamp = stampOf(this.#file);
    if (this.#file === undefined || stamp === this.#stamp) return;
    this.#stamp = stamp;
    try {
      this.#root = trustRootFile(this.#file, '/');
      this.generation += 1;
      this.#context.log.info('another trust root is in use');
    } catch (error) {
      const reason = error instanceof LandwaiterError ? error.message : messageOf(error);
      this.#context.log.error(`the trust root was not taken: ${reason}`);
    }
  }
}

/** Changes when the file does; mounted files change by links that lead elsewhere, which stat follows. */
function stampOf(file: string | undefined): string {
  if (file === undefined) return '';
  try {
    const { ino, size, mtimeMs } = statSync(file);
    return `${ino} ${size} ${mtimeMs}`;
  } catch {
    return 'gone';
  }
}

function metricsOf({ state }: ImageService, { waiting, exhausted }: Asking): readonly string[] {
  return [
    '# TYPE landwaiter_image_lookups_total counter',
    `landwaiter_image_lookups_total ${state.lookUps}`,
    '# TYPE landwaiter_image_lookups_failed_total counter',
    `landwaiter_image_lookups_failed_total ${state.failed}`,
    '# TYPE landwaiter_image_lookups_under_way gauge',
    `landwaiter_image_lookups_under_way ${state.underWay}`,
    '# TYPE landwaiter_image_verdicts_kept gauge',
    `landwaiter_image_verdicts_kept ${state.kept}`,
    '# TYPE landwaiter_image_verdicts_bytes gauge',
    `landwaiter_image_verdicts_bytes ${state.keptBytes}`,
    '# TYPE landwaiter_reviews_waiting gauge',
    `landwaiter_reviews_waiting ${waiting}`,
    '# TYPE landwaiter_reviews_out_of_time_total counter',
    `landwaiter_reviews_out_of_time_total ${exhausted}`,
  ];
}

function revocationMetrics({ counts }: RememberedRevocation): readonly string[] {
  return [
    '# TYPE landwaiter_revocation_lookups_total counter',
    `landwaiter_revocation_lookups_total ${counts.asked}`,
    '# TYPE landwaiter_revocation_lookups_failed_total counter',
    `landwaiter_revocation_lookups_failed_total ${counts.failed}`,
  ];
}

// SPDX-License-Identifier: Apache-2.0
// The registry client: every question by the name of an image, with mirrors, blocked registries and the place that is written to.
// One client is meant to serve a whole run, so that tokens, connections and waits are shared.
import type { Reference } from '../../formats/oci/reference.ts';
import { isTag, parseContentDigest, tagOrDigest } from '../../formats/oci/reference.ts';
import type { Place, RegistryRule } from '../../formats/oci/registries-conf.ts';
import { placesOf } from '../../formats/oci/registries-conf.ts';
import type { Digest } from '../../model/digest.ts';
import type { Limits } from '../../model/limits.ts';
import { defaultLimits } from '../../model/limits.ts';
import { printable } from './answer.ts';
import type { CredentialSource } from './credentials.ts';
import { anonymous } from './credentials.ts';
import type { RegistryNames } from './endpoint.ts';
import type {
  BlobRest,
  BlobRestWish,
  BlobStream,
  BlobWish,
  ImageStore,
  ManifestBytes,
  Referrers,
} from './image-store.ts';
import type { Outcome, Unknown } from './outcome.ts';
import { RegistryError } from './outcome.ts';
import { pullTags } from './pages.ts';
import { pullBlob, pullBlobRest, pullManifest } from './pull.ts';
import type { BlobContent, BlobPush, ManifestContent, ManifestPush } from './push.ts';
import { deleteManifest, pushBlob, pushManifest } from './push.ts';
import { findReferrers } from './referrers.ts';
import type { HostGates, Pace, RetryOptions } from './retry.ts';
import { defaultRetry } from './retry.ts';
import { Session } from './session.ts';
import type { Transport } from './transport.ts';

/** A repository of a registry; tag and digest of a whole reference are not looked at. */
export type Repository = Pick<Reference, 'registry' | 'repository'>;

export interface RegistryOptions {
  readonly transport: Transport;
  readonly pace: Pace;
  readonly credentials?: CredentialSource;
  /** Mirrors, insecure and blocked registries. */
  readonly rules?: readonly RegistryRule[];
  readonly retry?: RetryOptions;
  readonly perHost?: number;
  /** Gates that several clients share; own ones for `perHost` when absent. */
  readonly gates?: HostGates;
  readonly limits?: Limits;
  readonly pieceBytes?: number;
  readonly userAgent?: string;
  /** Who names the registries; `from the user` when absent. */
  readonly names?: RegistryNames;
}

export interface RegistryClient {
  /** By digest when the reference has one (its tag is then not asked for), else by tag, else `latest`. */
  manifest(reference: Reference): Promise<Outcome<ManifestBytes>>;
  blob(repository: Repository, wish: BlobWish): Promise<Outcome<BlobStream>>;
  blobRest(repository: Repository, wish: BlobRestWish): Promise<Outcome<BlobRest>>;
  referrers(repository: Repository, digest: Digest): Promise<Outcome<Referrers>>;
  tags(repository: Repository): Promise<Outcome<readonly string[]>>;
  /** These three throw RegistryError. */
  pushBlob(repository: Repository, content: BlobContent): Promise<BlobPush>;
  pushManifest(repository: Repository, content: ManifestContent): Promise<ManifestPush>;
  deleteManifest(repository: Repository, digest: Digest): Promise<'deleted' | 'absent'>;
  close(): void;
}

export function registryClient(options: RegistryOptions): RegistryClient {
  const {
    transport,
    pace,
    credentials = anonymous,
    rules = [],
    retry = defaultRetry,
    perHost = 6,
    limits = defaultLimits,
  } = options;
  const session = new Session({
    transport,
    pace,
    credentials,
    retry,
    perHost,
    userAgent: options.userAgent ?? 'landwaiter',
    ...(options.gates === undefined ? {} : { gates: options.gates }),
    ...(options.names === undefined ? {} : { names: options.names }),
  });
  const pushOptions = { limits, pieceBytes: options.pieceBytes ?? 16 * 1024 * 1024 };
  const whole = (repository: Repository, digest?: Digest): Reference => ({
    registry: repository.registry,
    repository: repository.repository,
    tag: undefined,
    digest,
  });
  return {
    manifest: (reference) =>
      firstOf(reference, rules, (place) => pullManifest(session, place, { name: tagOrDigest(reference), limits })),
    blob: (repository, wish) =>
      firstOf(whole(repository, wish.digest), rules, (place) => pullBlob(session, place, { wish, limits })),
    blobRest: (repository, wish) =>
      firstOf(whole(repository, wish.digest), rules, (place) => pullBlobRest(session, place, wish)),
    referrers: (repository, digest) =>
      firstOf(whole(repository, digest), rules, (place) => findReferrers(session, place, { digest, limits })),
    tags: (repository) => firstOf(whole(repository), rules, (place) => pullTags(session, place, limits)),
    pushBlob: async (repository, content) =>
      pushBlob(session, ownPlace(repository, rules), { content, options: pushOptions }),
    pushManifest: async (repository, content) =>
      pushManifest(session, ownPlace(repository, rules), { content, options: pushOptions }),
    deleteManifest: async (repository, digest) =>
      deleteManifest(session, ownPlace(repository, rules), { digest, limits }),
    close: () => transport.close(),
  };
}

/** A mirror's answer counts when it has what is wanted; that something is not there only the registry itself can say. */
async function firstOf<T>(
  reference: Reference,
  rules: readonly RegistryRule[],
  ask: (place: Place) => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  const places = placesOf(reference, rules);
  if (places === 'blocked') return blocked(reference);
  let outcome: Outcome<T> = { kind: 'none' };
  for (const place of places) {
    outcome = await ask(place);
    if (outcome.kind === 'found') return outcome;
  }
  return outcome;
}

function ownPlace(repository: Repository, rules: readonly RegistryRule[]): Place {
  const reference = {
    registry: repository.registry,
    repository: repository.repository,
    tag: undefined,
    digest: undefined,
  };
  const places = placesOf(reference, rules);
  const own = places === 'blocked' ? undefined : places.find(({ isMirror }) => !isMirror);
  if (own === undefined) throw new RegistryError(blocked(reference));
  return own;
}

function blocked({ registry, repository }: Repository): Unknown {
  const reason = `${registry}/${repository}: the configuration of registries blocks it`;
  return { kind: 'unknown', code: 'REGISTRY_UNREACHABLE', reason };
}

/** The repository of a reference as a store; without a name its manifest is the reference's own. */
export function registryStore(client: RegistryClient, reference: Reference): ImageStore {
  const { registry, repository } = reference;
  return {
    name: `${registry}/${repository}`,
    manifest: async (name) => {
      if (name === undefined) return client.manifest(reference);
      const digest = parseContentDigest(name);
      if (digest === undefined && !isTag(name))
        return {
          kind: 'unknown',
          code: 'REGISTRY_INVALID',
          reason: `"${printable(name)}" is neither a tag nor a digest`,
        };
      return client.manifest({ registry, repository, tag: digest === undefined ? name : undefined, digest });
    },
    blob: (wish) => client.blob(reference, wish),
    referrers: (digest) => client.referrers(reference, digest),
    close: () => {},
  };
}

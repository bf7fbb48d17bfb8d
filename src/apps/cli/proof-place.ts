// SPDX-License-Identifier: Apache-2.0
// What an operand of the signature commands stands for: an image in a registry or an OCI layout, and the place where its proofs are kept, which
// COSIGN_REPOSITORY may set apart.
import { resolve } from 'node:path';
import type { Reference } from '../../formats/oci/reference.ts';
import { parseReference } from '../../formats/oci/reference.ts';
import type { RegistryClient } from '../../io/registry/client.ts';
import { registryStore } from '../../io/registry/client.ts';
import type { ImageStore } from '../../io/registry/image-store.ts';
import { openOciArchive, openOciDirectory } from '../../io/registry/oci-layout.ts';
import { systemRegistryClient } from '../../io/registry/system.ts';
import { LandwaiterError } from '../../model/error.ts';
import { splitReference } from '../images/open-image.ts';
import { withCosignTags } from '../signatures/cosign-layout.ts';
import type { FlagValues } from './arguments.ts';
import type { CommandContext } from './command.ts';

export interface ProofPlace {
  /** As the user named it, without scheme. */
  readonly name: string;
  readonly images: ImageStore;
  readonly proofs: ImageStore;
  /** What `images.manifest` is asked for; undefined for the one image of a layout, or the reference's own. */
  readonly manifest: string | undefined;
  /** Undefined for a layout. */
  readonly reference: Reference | undefined;
  /** Where proofs are kept; the reference's repository unless COSIGN_REPOSITORY names another one. */
  readonly proofRepository: Reference | undefined;
  close(): void;
}

/** Opens an operand. Throws USAGE for a name that is none, and what opening a layout comes to. */
export function openProofPlace(context: CommandContext, operand: string, values: FlagValues): ProofPlace {
  return openPlaceWith(context, operand, { values, insecure: [] });
}

export interface PlaceOptions {
  readonly values: FlagValues;
  /** Registries that a configuration lets speak plain HTTP, besides those of --insecure-registry. */
  readonly insecure: readonly string[];
}

export function openPlaceWith(
  context: CommandContext,
  operand: string,
  { values, insecure }: PlaceOptions,
): ProofPlace {
  const scheme = /^(image|oci-dir|oci-archive):/.exec(operand)?.[1];
  const rest = scheme === undefined ? operand : operand.slice(scheme.length + 1);
  if (values.isSet('local-image') || scheme === 'oci-dir' || scheme === 'oci-archive') {
    const { path, reference } = splitReference(rest, context.cwd);
    const open = scheme === 'oci-archive' ? openOciArchive : openOciDirectory;
    const store = withCosignTags(open(resolve(context.cwd, path)));
    return {
      name: rest,
      images: store,
      proofs: store,
      manifest: reference,
      reference: undefined,
      proofRepository: undefined,
      close: () => store.close(),
    };
  }
  const client = registryClientOf(context, values, insecure);
  const reference = referenceOf(rest);
  const proofRepository = proofRepositoryOf(context, reference);
  return {
    name: rest,
    images: registryStore(client, reference),
    proofs: registryStore(client, proofRepository),
    manifest: undefined,
    reference,
    proofRepository,
    close: () => client.close(),
  };
}

/** Throws USAGE. */
export function referenceOf(text: string): Reference {
  const parsed = parseReference(text);
  if (parsed.kind === 'reference') return parsed.reference;
  throw new LandwaiterError({ code: 'USAGE', message: `"${text}" is no image name: ${parsed.reason}` });
}

/** The repository that holds the proofs of an image: COSIGN_REPOSITORY, else the image's own. Throws USAGE. */
export function proofRepositoryOf({ environment }: Pick<CommandContext, 'environment'>, image: Reference): Reference {
  const named = environment['COSIGN_REPOSITORY'];
  if (named === undefined || named === '') return image;
  const { registry, repository, tag, digest } = referenceOf(named);
  if (tag !== undefined || digest !== undefined)
    throw new LandwaiterError({
      code: 'USAGE',
      message: 'COSIGN_REPOSITORY names a repository, without tag and digest',
    });
  return { registry, repository, tag: undefined, digest: undefined };
}

export function registryClientOf(
  { environment }: CommandContext,
  values: FlagValues,
  insecure: readonly string[] = [],
): RegistryClient {
  const perHost = values.number('max-workers');
  return systemRegistryClient({
    environment,
    home: environment['HOME'],
    insecure: [...values.list('insecure-registry'), ...insecure],
    ...(perHost === undefined ? {} : { perHost: Math.max(1, perHost) }),
  });
}

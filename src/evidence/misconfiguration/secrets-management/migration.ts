// SPDX-License-Identifier: Apache-2.0
// The next step for a secret that stands readable: towards what is already in use beside it, so that nobody has to learn a second system.

import type { PlainPlace, PlainSecret } from './plain-secret.ts';
import type { Use, Way } from './way.ts';

export interface Migration {
  readonly to: Way;
  /** One sentence in the imperative, without a full stop. */
  readonly step: string;
}

/** Better ways first. */
const preference: readonly Way[] = ['mounted-only', 'externally-synced', 'encrypted-in-git'];

/** `uses` are those of the whole set: the namespace of the secret counts more than others. */
export function migrationOf(secret: PlainSecret, uses: readonly Use[]): Migration {
  const outside = outsideTheCluster[secret.place];
  if (outside !== undefined) return outside;
  const near = uses.filter(({ namespace }) => namespace === secret.namespace || namespace === '*');
  for (const candidates of [near, uses]) {
    for (const way of preference) {
      const found = candidates.find((use) => use.way === way);
      if (found !== undefined)
        return { to: way, step: `${stepTo(found, secret)}, and replace the value, which counts as known` };
    }
  }
  return {
    to: 'externally-synced',
    step: `Put ${subject(secret)} into a secret store, let External Secrets or the Vault Secrets Operator bring it into the namespace, and replace the value, which counts as known`,
  };
}

function subject({ place, name, resource }: PlainSecret): string {
  return place === 'secret-object' || place === 'pull-secret' ? `the members of ${resource}` : `${name} of ${resource}`;
}

function stepTo({ way, by }: Use, secret: PlainSecret): string {
  const what = subject(secret);
  switch (by) {
    case 'Sealed Secrets':
      return `Seal ${what} with kubeseal and commit the SealedSecret in its place`;
    case 'SOPS':
      return `Encrypt the file of ${what} with sops, as it is done for others here`;
    case 'External Secrets':
      return `Put ${what} into the store that the other ExternalSecrets use and commit an ExternalSecret in its place`;
    case 'Vault Agent':
      return `Put ${what} into Vault and let the agent write it into the Pod, as it does for others here`;
    case 'Secrets Store CSI':
      return `Put ${what} into the store and mount it with a SecretProviderClass, as it is done for others here`;
    default:
      return way === 'encrypted-in-git'
        ? `Encrypt ${what} with ${by}, which is in use here`
        : `Put ${what} into the store that ${by} reads, which is in use here`;
  }
}

const outsideTheCluster: Readonly<Partial<Record<PlainPlace, Migration>>> = {
  dockerfile: {
    to: 'mounted-only',
    step: 'Pass the value with RUN --mount=type=secret while building, give it to the container when it runs, and replace it, because it stays in the layers of images that were built',
  },
  pipeline: {
    to: 'identity-based',
    step: 'Let the pipeline log in with its OpenID Connect identity where the service allows it, else move the value to the secret store of the pipeline, and replace it',
  },
  kubeconfig: {
    to: 'identity-based',
    step: 'Remove the file from the repository, revoke its credentials, and log in with an identity provider or an exec plugin',
  },
  'terraform-variables': {
    to: 'externally-synced',
    step: 'Read the value from a secret store with a data source or pass it as TF_VAR_ from the pipeline, and replace it',
  },
};

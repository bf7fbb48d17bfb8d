// SPDX-License-Identifier: Apache-2.0
// Lookups of image policies with this machine's registries, keys and trust root.
import type { Reference } from '../../formats/oci/reference.ts';
import type { RegistryClient } from '../../io/registry/client.ts';
import { registryStore } from '../../io/registry/client.ts';
import { systemRegistryClient } from '../../io/registry/system.ts';
import { RememberedRevocation } from '../server/admission/images/remembered-revocation.ts';
import type { ImageLookups } from '../signatures/image-lookups.ts';
import { imageLookups } from '../signatures/image-lookups.ts';
import { pinnedTrustRoot, trustRootFile } from '../signatures/trust-roots.ts';
import type { FlagValues } from './arguments.ts';
import type { CommandContext } from './command.ts';
import { notationFetcher } from './notation-revocation.ts';

/** One client for each set of credentials: a Secret of one source is no business of the others. Connections end with the program. */
export function openImageLookups(context: CommandContext, values: FlagValues): ImageLookups {
  const { environment, cwd, clock, log } = context;
  const clients = new Map<string, RegistryClient>();
  const clientFor = (credentials: readonly string[]): RegistryClient => {
    const key = credentials.join('\n');
    const perHost = values.number('max-workers');
    const client =
      clients.get(key) ??
      systemRegistryClient({
        environment,
        home: environment['HOME'],
        insecure: values.list('insecure-registry'),
        credentials,
        ...(perHost === undefined ? {} : { perHost: Math.max(1, perHost) }),
      });
    clients.set(key, client);
    return client;
  };
  const root = values.text('trusted-root');
  const { fetcher } = notationFetcher(context, values);
  const revocation = fetcher && new RememberedRevocation({ fetch: fetcher, now: () => clock.now() });
  return imageLookups({
    keys: { cwd, environment, fetch },
    defaultRoot: () => (root === undefined ? pinnedTrustRoot() : trustRootFile(root, cwd)),
    time: clock.now(),
    openStore: (reference: Reference, credentials) => registryStore(clientFor(credentials), reference),
    tell: (line) => log.debug(line),
    ...(revocation === undefined ? {} : { revocation: revocation.fetch }),
  });
}

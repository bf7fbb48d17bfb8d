// SPDX-License-Identifier: Apache-2.0
// `--revocation network`: the fetcher of OCSP answers and CRLs. Without the flag nobody is asked, and certificates that can be revoked are of
// unknown state.
import { nodeTransport } from '../../io/registry/transport.ts';
import { fetchRevocation } from '../../io/revocation-fetch.ts';
import type { RevocationFetcher } from '../signatures/notation-verify.ts';
import type { FlagValues } from './arguments.ts';
import type { CommandContext } from './command.ts';

export interface NetworkRevocation {
  readonly fetcher: RevocationFetcher | undefined;
  close(): void;
}

/** notation waits 2 s for OCSP and 5 s for a CRL; one limit for both is enough. */
const stall = 5_000;

export function notationFetcher({ environment }: CommandContext, values: FlagValues): NetworkRevocation {
  if (values.text('revocation') !== 'network') return { fetcher: undefined, close: () => undefined };
  const transport = nodeTransport({ stall, environment, certificatesFor: () => undefined });
  // Addresses come out of certificates, which others wrote: only those of the wide world are asked, unless the operator says otherwise.
  const addresses = values.isSet('revocation-private-addresses') ? 'named' : 'remote';
  return {
    fetcher: (question) => fetchRevocation(transport, question, addresses),
    close: () => transport.close(),
  };
}

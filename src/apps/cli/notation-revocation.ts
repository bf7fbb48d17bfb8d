// SPDX-License-Identifier: Apache-2.0
// `--revocation network`: the fetcher of OCSP answers and CRLs. Without the flag nobody is asked, and certificates that can be revoked are of
// unknown state. Addresses come out of certificates, which others wrote: those of private networks are asked only with `private-network`.
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
  const word = values.text('revocation');
  if (word !== 'network' && word !== 'private-network') return { fetcher: undefined, close: () => undefined };
  const transport = nodeTransport({ stall, environment, certificatesFor: () => undefined });
  const addresses = word === 'private-network' ? 'named' : 'remote';
  return {
    fetcher: (question) => {
      const wish = { url: question.url, body: question.kind === 'ocsp' ? question.body : undefined };
      return fetchRevocation(transport, wish, addresses);
    },
    close: () => transport.close(),
  };
}

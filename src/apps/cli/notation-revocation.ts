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

export interface RevocationBounds {
  /** Milliseconds until the head of an answer, and then for each piece of it; for all of it, no end when absent. */
  readonly stall: number;
  readonly longest?: number;
  /** Bytes of an answer. */
  readonly maximum?: number;
}

/** notation waits 2 s for OCSP and 5 s for a CRL; one limit for both is enough. */
const usualBounds: RevocationBounds = { stall: 5_000 };

export function notationFetcher(
  { environment }: Pick<CommandContext, 'environment'>,
  values: FlagValues,
  bounds: RevocationBounds = usualBounds,
): NetworkRevocation {
  const word = values.text('revocation');
  if (word !== 'network' && word !== 'private-network') return { fetcher: undefined, close: () => undefined };
  const { stall, longest, maximum } = bounds;
  const transport = nodeTransport({
    stall,
    environment,
    certificatesFor: () => undefined,
    ...(longest === undefined ? {} : { longest }),
  });
  const addresses = word === 'private-network' ? 'named' : 'remote';
  return {
    fetcher: (question) => {
      const wish = {
        url: question.url,
        body: question.kind === 'ocsp' ? question.body : undefined,
        ...(maximum === undefined ? {} : { maximum }),
      };
      return fetchRevocation(transport, wish, addresses);
    },
    close: () => transport.close(),
  };
}

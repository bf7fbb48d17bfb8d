// SPDX-License-Identifier: Apache-2.0
// Fetches OCSP answers and CRLs over plain HTTP, as certificates name them. The addresses come from others, so private ones are never asked;
// what comes back is only bytes, judged by src/evidence/signatures/notation/revocation.ts.
import { messageOf } from '../model/error.ts';
import type { Transport } from './registry/transport.ts';

export interface RevocationWish {
  readonly url: string;
  /** An OCSP request; undefined for a CRL. */
  readonly body: Uint8Array | undefined;
  /** Bytes of the answer; 32 MiB unless told. */
  readonly maximum?: number;
}

export type RevocationBytes =
  | { readonly kind: 'fetched'; readonly bytes: Uint8Array }
  | { readonly kind: 'failed'; readonly reason: string };

const mostBytes = 32 * 1024 * 1024;

/** Never throws: what cannot be fetched is a reason. `addresses` `named` is for tests that run on this machine. */
export async function fetchRevocation(
  transport: Transport,
  { url, body, maximum = mostBytes }: RevocationWish,
  addresses: 'remote' | 'named' = 'remote',
): Promise<RevocationBytes> {
  try {
    const plain = { url: new URL(url), addresses, certificates: 'verified' } as const;
    const response = await transport.send(
      body === undefined
        ? { ...plain, method: 'GET', headers: { 'user-agent': 'landwaiter' } }
        : {
            ...plain,
            method: 'POST',
            headers: { 'user-agent': 'landwaiter', 'content-type': 'application/ocsp-request' },
            body,
          },
    );
    if (response.status !== 200) {
      response.discard();
      return { kind: 'failed', reason: `answered ${response.status}` };
    }
    const parts: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of response.body) {
      size += chunk.length;
      if (size > maximum) return { kind: 'failed', reason: `answered with more than ${maximum} bytes` };
      parts.push(chunk);
    }
    return { kind: 'fetched', bytes: Buffer.concat(parts) };
  } catch (error) {
    return { kind: 'failed', reason: messageOf(error) };
  }
}

// SPDX-License-Identifier: Apache-2.0
// What is asked about a signature over bytes that are at hand, such as that of a signed manifest: whether it is one of a signer. Plain data.
import type { ManifestSignature } from '../formats/signed-manifest.ts';
import type { SignatureDemand } from './image-policy/demand.ts';

export interface BlobDemand extends Pick<SignatureDemand, 'signer' | 'roots' | 'log' | 'timestamp'> {
  readonly message: Buffer;
  readonly signature: ManifestSignature;
}

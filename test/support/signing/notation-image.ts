// SPDX-License-Identifier: Apache-2.0
// An image in a test registry with a signature of the Notary Project, and the configuration folder of somebody who verifies it.

import { attachNotation } from '../../../src/apps/signatures/notation-attachment.ts';
import type { EnvelopeFormat } from '../../../src/formats/notation/envelope.ts';
import { envelopeMediaTypes } from '../../../src/formats/notation/envelope.ts';
import { imageOf } from '../registry/content.ts';
import type { TestRegistry } from '../registry/test-registry.ts';
import { pemOf } from './certificates.ts';
import { repository, writable } from './image-proofs.ts';
import type { EnvelopeParts } from './notation.ts';
import { envelope, policyText, root } from './notation.ts';
import { testFolder } from './sign-and-verify.ts';

export const image = imageOf({ layers: ['the program'] });

/** A folder with a trust policy, and the test's root in the trust store that it names. */
export function trustingFolder(statement?: Readonly<Record<string, unknown>>): string {
  return testFolder({
    'trustpolicy.json': policyText(statement),
    'truststore/x509/ca/own/root.pem': pemOf('CERTIFICATE', root.certificate.encoded),
  });
}

/** Attaches a signature of the image to it. */
export async function attachSignature(
  registry: TestRegistry,
  format: EnvelopeFormat,
  parts: EnvelopeParts,
): Promise<void> {
  await attachNotation(writable(registry), {
    subject: image,
    envelope: envelope(format, parts),
    mediaType: envelopeMediaTypes[format],
    certificates: [],
    createdAt: '2026-05-01T00:00:00Z',
  });
}

/** The name of the image, put into the registry under the tag v1. */
export function publishImage(registry: TestRegistry): string {
  registry.put(repository, image, 'v1');
  return `${registry.host}/${repository}:v1`;
}

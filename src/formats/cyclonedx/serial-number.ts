// SPDX-License-Identifier: Apache-2.0
// The serial number of a document that is written: it follows from the content, so that the same input gives the same bytes.

/** Stands in a tree until it is printed: the serial number is made of the printed text. */
export const openSerialNumber = 'urn:uuid:00000000-0000-0000-0000-000000000000';

/** A UUID of version 8 (RFC 9562, 5.8) made of a SHA-256 digest in hex. */
export function serialNumberOf(digest: string): string {
  const variant = '89ab'.charAt(Number.parseInt(digest.charAt(16), 16) % 4);
  const uuid = [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `8${digest.slice(13, 16)}`,
    `${variant}${digest.slice(17, 20)}`,
    digest.slice(20, 32),
  ];
  return `urn:uuid:${uuid.join('-')}`;
}

// SPDX-License-Identifier: Apache-2.0
// Where a certificate says that its revocation can be asked for: OCSP responders (RFC 5280 4.2.2.1) and CRLs (4.2.1.13, 4.2.1.15).
// Only http addresses count: asking over https would need a certificate that has to be checked first.
import type { DerElement } from './der.ts';
import { childrenOf, contextTag, cursorOf, objectIdOf, primitiveContextTag, readDer, tags } from './der.ts';
import type { Parsed } from './parsed.ts';
import { malformed, parsing } from './parsed.ts';
import type { CertificateExtension } from './x509.ts';

export const revocationExtensions = {
  authorityInformation: '1.3.6.1.5.5.7.1.1',
  distributionPoints: '2.5.29.31',
  freshestCrl: '2.5.29.46',
} as const;

const ocspAccess = '1.3.6.1.5.5.7.48.1';
const mostAddresses = 16;

export interface RevocationPoints {
  readonly ocsp: readonly string[];
  readonly crl: readonly string[];
  /** CRLs with the changes since the last whole one. */
  readonly deltaCrl: readonly string[];
}

/** Reads the three extensions of a certificate or of a CRL. */
export function parseRevocationPoints(extensions: readonly CertificateExtension[]): Parsed<RevocationPoints> {
  return parsing(() => {
    const find = (wanted: string): DerElement | undefined => {
      const extension = extensions.find(({ id }) => id === wanted);
      return extension === undefined ? undefined : readDer(extension.value);
    };
    return {
      ocsp: readAccess(find(revocationExtensions.authorityInformation)),
      crl: readPoints(find(revocationExtensions.distributionPoints)),
      deltaCrl: readPoints(find(revocationExtensions.freshestCrl)),
    };
  });
}

function readAccess(element: DerElement | undefined): string[] {
  if (element === undefined) return [];
  if (element.tag !== tags.sequence) return malformed('authority information is not a list');
  return bounded(
    childrenOf(element).flatMap((description) => {
      const fields = cursorOf(description, tags.sequence, 'access description');
      const method = objectIdOf(fields.next(tags.objectId, 'access method'));
      const place = fields.any();
      fields.end('access description');
      return method === ocspAccess ? addressOf(place) : [];
    }),
  );
}

/** DistributionPoint: only full names that are URIs lead anywhere. */
function readPoints(element: DerElement | undefined): string[] {
  if (element === undefined) return [];
  if (element.tag !== tags.sequence) return malformed('distribution points are not a list');
  return bounded(
    childrenOf(element).flatMap((point) => {
      const fields = cursorOf(point, tags.sequence, 'distribution point');
      const name = fields.optional(contextTag(0));
      fields.optional(primitiveContextTag(1));
      const issuer = fields.optional(contextTag(2));
      fields.end('distribution point');
      // RFC 5280 4.2.1.13: one of the two must be there.
      if (name === undefined) return issuer === undefined ? malformed('a distribution point that names nothing') : [];
      const form = readDer(name.content);
      return form.tag === contextTag(0) ? childrenOf(form).flatMap(addressOf) : [];
    }),
  );
}

function addressOf(name: DerElement): string[] {
  if (name.tag !== primitiveContextTag(6)) return [];
  const text = name.content.toString('latin1');
  if (text.length > 2_048 || !/^[\x21-\x7e]+$/.test(text))
    return malformed('an address has characters that it must not have');
  return [text];
}

function bounded(addresses: string[]): string[] {
  return addresses.length > mostAddresses ? malformed(`more than ${mostAddresses} addresses`) : addresses;
}

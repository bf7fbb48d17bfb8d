// SPDX-License-Identifier: Apache-2.0
// Short names of predicate types, as Cosign's --type takes them (cosign doc: "attest --type").

export const predicateTypes: Readonly<Record<string, string>> = {
  custom: 'https://cosign.sigstore.dev/attestation/v1',
  slsaprovenance: 'https://slsa.dev/provenance/v0.2',
  slsaprovenance02: 'https://slsa.dev/provenance/v0.2',
  slsaprovenance1: 'https://slsa.dev/provenance/v1',
  spdx: 'https://spdx.dev/Document',
  spdxjson: 'https://spdx.dev/Document',
  cyclonedx: 'https://cyclonedx.org/bom',
  link: 'https://in-toto.io/Link/v1',
  vuln: 'https://cosign.sigstore.dev/attestation/vuln/v1',
  openvex: 'https://openvex.dev/ns',
};

/** URI of a short name, or the URI itself; undefined for a word that is neither. */
export function predicateTypeOf(word: string): string | undefined {
  if (Object.hasOwn(predicateTypes, word)) return predicateTypes[word];
  return URL.canParse(word) ? word : undefined;
}

/**
 * Types that a wanted one includes. OpenVEX writes its version behind the name of the format, and in-toto links come in two versions; tools write
 * either.
 */
export function equivalentTypes(type: string): readonly string[] {
  if (type === 'https://openvex.dev/ns')
    return [type, 'https://openvex.dev/ns/v0.2.0', 'https://openvex.dev/ns/v0.0.1'];
  if (type === 'https://in-toto.io/Link/v1') return [type, 'https://in-toto.io/attestation/link/v0.3'];
  return [type];
}

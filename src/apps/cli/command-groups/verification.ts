// SPDX-License-Identifier: Apache-2.0
// Commands that collect, verify and carry proofs, for the list of all commands. Light: what they do is loaded when they run.
import type { CommandEntry } from '../command.ts';
import type { FlagName } from '../flags.ts';

/** Flags of every command that verifies. */
const signerFlags: readonly FlagName[] = [
  'key',
  'credential-programs',
  'certificate-identity',
  'certificate-identity-regexp',
  'certificate-oidc-issuer',
  'certificate-oidc-issuer-regexp',
  'certificate-github-workflow-trigger',
  'certificate-github-workflow-sha',
  'certificate-github-workflow-name',
  'certificate-github-workflow-repository',
  'certificate-github-workflow-ref',
  'certificate-chain',
  'ca-roots',
  'ca-intermediates',
  'timestamp-certificate-chain',
  'trusted-root',
  'use-signed-timestamps',
  'private-infrastructure',
  'insecure-ignore-tlog',
  'insecure-ignore-sct',
  'offline',
  'check-claims',
  'format',
  'output',
  'evidence',
];

const registryFlags: readonly FlagName[] = ['platform', 'insecure-registry', 'max-workers', 'local-image'];

const exits = {
  0: 'a proof that counts was found for every operand',
  1: 'everything could be looked at, and there is none that counts',
  2: 'wrong usage, or there is no such image or file',
  3: 'something could not be looked at: a registry refused, a trust root cannot be read',
} as const;

export const verificationCommands: readonly CommandEntry[] = [
  {
    name: 'verify',
    summary: 'say whether an image is signed by who must have signed it',
    operands: 'IMAGE...',
    description:
      'Reads signatures of both layouts of Cosign (bundles as referrers, and the older tags) from a registry or an OCI layout. The name of the image is resolved once; what is verified is its digest: that of the index where there are several platforms, or with --platform one image of it, for which signatures of the index count as well. Signers are named exactly; expressions must match the whole name. The trust root of the public Sigstore ships with the program.',
    flags: [...registryFlags, 'attachment', 'annotations', 'policy', ...signerFlags],
    examples: [
      {
        command: 'landwaiter verify --key cosign.pub registry.example.com/shop/checkout:1.4',
        does: 'with a public key',
      },
      {
        command:
          'landwaiter verify --certificate-identity https://github.com/shop/checkout/.github/workflows/release.yml@refs/tags/v1.4 --certificate-oidc-issuer https://token.actions.githubusercontent.com registry.example.com/shop/checkout:1.4',
        does: 'keyless: by the workflow that must have signed',
      },
      {
        command: 'landwaiter verify --policy image-policies/ registry.example.com/shop/checkout:1.4',
        does: 'as ClusterImagePolicies say',
      },
    ],
    exits,
    load: () => import('../commands/verify.ts'),
  },
  {
    name: 'verify-attestation',
    summary: 'say whether somebody who is trusted claims something about an image',
    operands: 'IMAGE...',
    description:
      'Looks for attestations of the type that is asked for (--type, `custom` when none is named) and prints who made them; as JSON the envelopes, one per line. What the predicate says is not judged here.',
    flags: [...registryFlags, 'type', 'annotations', ...signerFlags],
    examples: [
      {
        command:
          'landwaiter verify-attestation --type slsaprovenance1 --key cosign.pub registry.example.com/shop/checkout:1.4',
        does: 'SLSA provenance by a key',
      },
    ],
    exits,
    load: () => import('../commands/verify-attestation.ts'),
  },
  {
    name: 'verify-blob',
    summary: 'say whether a file is signed by who must have signed it',
    operands: 'FILE | - | sha256:HEX',
    description:
      'The proof is a Sigstore bundle (--bundle, also the older form of Cosign), or a signature by itself (--signature) with a certificate or a key.',
    flags: ['bundle', 'signature', 'certificate', 'rfc3161-timestamp', ...signerFlags],
    examples: [
      {
        command: 'landwaiter verify-blob --bundle app.tar.sigstore.json --key cosign.pub app.tar',
        does: 'with a bundle',
      },
    ],
    exits,
    load: () => import('../commands/verify-blob.ts'),
  },
  {
    name: 'verify-blob-attestation',
    summary: 'say whether somebody who is trusted claims something about a file',
    operands: 'FILE | - | sha256:HEX',
    description:
      'The attestation is a Sigstore bundle (--bundle) or an envelope by itself (--signature). The file, or the digest given instead (--digest), must be a subject of the statement.',
    flags: ['bundle', 'signature', 'certificate', 'rfc3161-timestamp', 'digest', 'type', ...signerFlags],
    examples: [
      {
        command:
          'landwaiter verify-blob-attestation --type slsaprovenance1 --bundle app.att.json --key cosign.pub app.tar',
        does: 'provenance of a file',
      },
    ],
    exits,
    load: () => import('../commands/verify-blob-attestation.ts'),
  },
  {
    name: 'tree',
    summary: 'show what hangs on an image: signatures, attestations, SBOMs',
    operands: 'IMAGE',
    description: 'Lists what the registry has, in both layouts. Nothing is verified.',
    flags: [...registryFlags, 'format', 'output'],
    examples: [{ command: 'landwaiter tree registry.example.com/shop/checkout:1.4', does: 'as a tree' }],
    exits: { 0: 'listed', 2: 'wrong usage, or there is no such image', 3: 'something could not be looked at' },
    load: () => import('../commands/tree.ts'),
  },
  {
    name: 'download',
    summary: 'print signatures, attestations or the SBOM of an image as they are',
    operands: 'signature|attestation|sbom IMAGE',
    description: 'Nothing is verified. One JSON document per line; an SBOM as it was attached.',
    flags: [...registryFlags, 'type', 'format', 'output'],
    examples: [
      { command: 'landwaiter download attestation registry.example.com/shop/checkout:1.4', does: 'all attestations' },
    ],
    exits: {
      0: 'printed',
      1: 'there is none',
      2: 'wrong usage, or there is no such image',
      3: 'something could not be looked at',
    },
    load: () => import('../commands/download.ts'),
  },
  {
    name: 'triangulate',
    summary: 'print where the older layout keeps the signatures of an image',
    operands: 'IMAGE',
    description: 'The tag is a function of the digest. --type says what: signature, attestation, sbom or digest.',
    flags: [...registryFlags, 'type'],
    examples: [
      { command: 'landwaiter triangulate registry.example.com/shop/checkout:1.4', does: 'the tag of its signatures' },
    ],
    exits: { 0: 'printed', 2: 'wrong usage, or there is no such image', 3: 'the registry could not be looked at' },
    load: () => import('../commands/triangulate.ts'),
  },
  {
    name: 'copy',
    summary: 'copy an image with everything that hangs on it',
    operands: 'FROM TO',
    description:
      'Copies the image (all platforms of an index), its signatures, attestations and SBOMs in both layouts, byte for byte, from a registry or an OCI layout to a repository. Nothing is verified, and nothing is changed: signatures stay valid.',
    flags: registryFlags,
    examples: [
      {
        command: 'landwaiter copy registry.example.com/shop/checkout:1.4 mirror.example.com/shop/checkout:1.4',
        does: 'to a mirror',
      },
    ],
    exits: { 0: 'copied', 2: 'wrong usage, or there is no such image', 3: 'something could not be read or written' },
    load: () => import('../commands/copy.ts'),
  },
  {
    name: 'save',
    summary: 'write an image with everything that hangs on it into a folder',
    operands: 'IMAGE FOLDER',
    description:
      'The folder is an OCI layout that Cosign reads as well; `verify --local-image FOLDER` verifies it without a network.',
    flags: ['insecure-registry', 'max-workers'],
    examples: [
      {
        command: 'landwaiter save registry.example.com/shop/checkout:1.4 ./checkout',
        does: 'for a machine without network',
      },
    ],
    exits: { 0: 'written', 2: 'wrong usage, or there is no such image', 3: 'something could not be read or written' },
    load: () => import('../commands/save.ts'),
  },
  {
    name: 'load',
    summary: 'bring a saved image with everything that hangs on it into a registry',
    operands: 'FOLDER IMAGE',
    description: 'Takes what `save` of this program or of Cosign wrote.',
    flags: ['insecure-registry', 'max-workers'],
    examples: [{ command: 'landwaiter load ./checkout mirror.example.com/shop/checkout:1.4', does: 'into a mirror' }],
    exits: { 0: 'loaded', 2: 'wrong usage', 3: 'something could not be read or written' },
    load: () => import('../commands/load.ts'),
  },
];

// SPDX-License-Identifier: Apache-2.0
// Commands that make keys and sign, for the list of all commands. Light: what they do is loaded when they run.
import type { CommandEntry } from '../command.ts';
import type { FlagName } from '../flags.ts';

/** Flags of every command that signs: the key, the services, what comes out. */
const signingFlags: readonly FlagName[] = [
  'key',
  'password-file',
  'credential-programs',
  'certificate',
  'certificate-chain',
  'tlog-upload',
  'rekor-url',
  'rekor-version',
  'fulcio-url',
  'timestamp-server-url',
  'signing-config',
  'identity-token',
  'oidc-client-id',
  'issue-certificate',
  'yes',
  'dry-run',
  'bundle',
  'output-signature',
  'output-certificate',
];

/** Flags of those that attach what they made to images. */
const imageFlags: readonly FlagName[] = [
  'recursive',
  'legacy',
  'new-bundle-format',
  'no-upload',
  'insecure-registry',
  'max-workers',
  'format',
  'output',
];

const signingExits = {
  0: 'signed',
  2: 'wrong usage, configuration or password; nothing was signed',
  3: 'the key, the registry or a service could not be used; nothing was published that is not named',
} as const;

export const signingCommands: readonly CommandEntry[] = [
  {
    name: 'key',
    summary: 'make, import or show keys to sign with',
    operands: 'generate [k8s://NAMESPACE/NAME] | public | import',
    description:
      'Private keys are written in the encrypted form of Cosign, readable by their owner only, and never over another one. `public` shows the public key of any key that can sign: a file, env://, k8s://, hashivault://, or one of a sigstore-kms plugin. `import` takes PKCS #8, PKCS #1 and SEC 1 (its own password: LANDWAITER_IMPORT_PASSWORD).',
    flags: ['key', 'key-type', 'output-key-prefix', 'password-file', 'credential-programs', 'force', 'output'],
    examples: [
      { command: 'landwaiter key generate', does: 'cosign.key and cosign.pub (cosign generate-key-pair)' },
      { command: 'landwaiter key generate k8s://shop/signing', does: 'a Secret of the cluster that kubectl uses' },
      { command: 'landwaiter key public --key hashivault://release', does: 'the public key of a key store' },
      { command: 'landwaiter key import --key private.pem', does: 'import-cosign.key from a key in PEM' },
    ],
    exits: {
      0: 'done',
      2: 'wrong usage, configuration or password',
      3: 'the key could not be read or written',
    },
    load: () => import('../commands/key.ts'),
  },
  {
    name: 'sign',
    summary: 'sign images',
    operands: 'IMAGE...',
    description:
      'Signs the digest that a name stands for; a tag is resolved once, and said. The proof is a Sigstore bundle that refers to the image (Cosign 3), or, with --legacy, a layer under its .sig tag (Cosign 2). With --key no service is asked but those named. Without a key the identity of the build (GitHub Actions, GitLab CI, a service account, --identity-token) gets a certificate; all services are named first, and --yes agrees.',
    flags: [...signingFlags, 'annotations', ...imageFlags],
    examples: [
      {
        command: 'landwaiter sign --key cosign.key registry.example/shop/checkout@sha256:4f1c…',
        does: 'with a key, in no log',
      },
      {
        command: 'landwaiter sign --yes -r registry.example/shop/checkout:1.4',
        does: 'keyless in a build, with every platform of the index',
      },
      {
        command: 'landwaiter sign --key k8s://shop/signing --legacy --tlog-upload -a team=shop registry.example/app:1',
        does: 'the older layout, logged, with a signed annotation',
      },
    ],
    exits: signingExits,
    load: () => import('../commands/sign.ts'),
  },
  {
    name: 'attest',
    summary: 'sign a statement about images',
    operands: 'IMAGE...',
    description:
      'Wraps a predicate (SBOM, scan result, provenance, VEX) in an in-toto statement about the image and signs it. A JSON predicate goes into the signature as it stands. Keys, services and layouts as with sign.',
    flags: [...signingFlags, 'output-attestation', 'predicate', 'type', 'statement', 'replace', ...imageFlags],
    examples: [
      {
        command:
          'landwaiter sbom image:registry.example/app:1 -o cyclonedx | landwaiter attest --key cosign.key --type cyclonedx --predicate - registry.example/app:1',
        does: 'an SBOM of our own',
      },
      {
        command: 'landwaiter attest --yes --type slsaprovenance1 --predicate provenance.json registry.example/app:1',
        does: 'provenance, keyless',
      },
    ],
    exits: signingExits,
    load: () => import('../commands/attest.ts'),
  },
  {
    name: 'sign-blob',
    summary: 'sign a file',
    operands: 'FILE|-',
    description:
      'Writes a Sigstore bundle (--bundle), or the signature by itself (--output-signature, else standard output). Keys and services as with sign.',
    flags: [...signingFlags],
    examples: [
      {
        command: 'landwaiter sign-blob --key cosign.key --bundle app.tar.sigstore.json app.tar',
        does: 'everything that a verifier needs in one file',
      },
    ],
    exits: signingExits,
    load: () => import('../commands/sign-blob.ts'),
  },
  {
    name: 'attest-blob',
    summary: 'sign a statement about a file',
    operands: 'FILE | --digest DIGEST',
    description:
      'The statement names the SHA-256 digest of the file. The bundle goes to --bundle, else to standard output. Keys and services as with sign, predicates as with attest.',
    flags: [...signingFlags, 'output-attestation', 'digest', 'predicate', 'type', 'statement'],
    examples: [
      {
        command:
          'landwaiter attest-blob --key cosign.key --type slsaprovenance1 --predicate p.json --bundle app.json app',
        does: 'provenance of a file',
      },
    ],
    exits: signingExits,
    load: () => import('../commands/attest-blob.ts'),
  },
];

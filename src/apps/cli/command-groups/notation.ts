// SPDX-License-Identifier: Apache-2.0
// The command for signatures of the Notary Project. Light: what they do is loaded when they run.
import type { CommandEntry } from '../command.ts';

export const notationCommands: readonly CommandEntry[] = [
  {
    name: 'notation',
    summary: 'verify, make and list signatures of the Notary Project (notation), and keep its configuration',
    operands:
      'verify IMAGE... | sign IMAGE | list IMAGE | blob sign|verify FILE | cert ACTION | key ACTION | policy ACTION',
    description:
      'Trust policy, trust stores, keys and plugins are those of the configuration folder of notation: --notation-config, else NOTATION_CONFIG, else $XDG_CONFIG_HOME/notation. `verify` judges the manifest or index that the name stands for by the statement of its repository, with the five checks of the specification; one signature that counts is enough. Revocation services are asked only with --revocation network; otherwise the check says "unknown" where certificates name one. `sign` signs with --key FILE and --certificate-chain FILE, or with --key NAME or the default of signingkeys.json. `list` shows what signatures say of themselves and verifies nothing. cert add, list, show, delete and generate-test keep trust stores (--type, --store); key add, list, delete and update keep signingkeys.json; policy show and import the trust policy (--blob: that for files).',
    flags: [
      'notation-config',
      'annotations',
      'revocation',
      'key',
      'certificate-chain',
      'password-file',
      'signature-format',
      'user-metadata',
      'expiry',
      'timestamp-server-url',
      'timestamp-certificate-chain',
      'signature',
      'signature-directory',
      'media-type',
      'policy-name',
      'type',
      'store',
      'all',
      'trust',
      'make-default',
      'bits',
      'plugin',
      'id',
      'blob',
      'force',
      'yes',
      'insecure-registry',
      'max-workers',
      'local-image',
      'format',
      'output',
      'evidence',
    ],
    examples: [
      {
        command: 'landwaiter notation verify registry.example.com/shop/checkout:1.4',
        does: 'by the trust policy that notation uses',
      },
      {
        command: 'landwaiter notation verify --notation-config ./trust -a build=release oci-dir:./image',
        does: 'another configuration folder, and an annotation that must be signed',
      },
      {
        command:
          'landwaiter notation sign --key release.key --certificate-chain release.pem registry.example.com/shop/checkout@sha256:4f1c…',
        does: 'sign with a key and its certificates',
      },
      {
        command: 'landwaiter notation cert add --type ca --store release root.pem',
        does: 'trust an authority',
      },
      { command: 'landwaiter notation list registry.example.com/shop/checkout:1.4', does: 'what is there' },
    ],
    exits: {
      0: 'a signature counts for every image, or the policy says to verify nothing (with a warning); signed, listed, changed',
      1: 'everything could be looked at, and no signature counts; nothing to list',
      2: 'wrong usage, no trust policy or no statement for the image, or there is no such image',
      3: 'something could not be looked at: a registry refused, nobody could say whether a certificate was revoked; nothing was signed',
    },
    load: () => import('../commands/notation.ts'),
  },
];

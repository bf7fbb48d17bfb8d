// SPDX-License-Identifier: Apache-2.0
// Flags of the notation commands that others do not have.
import type { Flag } from './flag.ts';

export const notationFlags = {
  revocation: {
    type: 'string',
    value: 'WHERE',
    choices: ['off', 'network', 'private-network'],
    default: 'off',
    group: 'signature',
    summary:
      'ask the services that certificates name whether they were revoked; `private-network` also those at private addresses',
  },
  'signature-format': {
    type: 'string',
    value: 'FORMAT',
    choices: ['jws', 'cose'],
    default: 'jws',
    group: 'signature',
    summary: 'envelope of a new signature; else what config.json of notation says',
    configurable: false,
  },
  'user-metadata': {
    type: 'list',
    value: 'KEY=VALUE',
    group: 'signature',
    summary: 'remark that is signed; may be given several times',
    configurable: false,
  },
  expiry: {
    type: 'string',
    value: 'DURATION',
    group: 'signature',
    summary: 'end of the signature, from now: 24h, 90m',
    configurable: false,
  },
  'signature-directory': {
    type: 'string',
    value: 'FOLDER',
    group: 'output',
    summary: 'where the signature of a file is written; beside the file when absent',
    configurable: false,
  },
  'media-type': {
    type: 'string',
    value: 'TYPE',
    group: 'signature',
    summary: 'media type of a file that is signed or must have been signed',
    configurable: false,
  },
  'policy-name': {
    type: 'string',
    value: 'NAME',
    group: 'signature',
    summary: 'statement of the trust policy for files; the global one when absent',
    configurable: false,
  },
  store: {
    type: 'string',
    value: 'NAME',
    group: 'signature',
    summary: 'name of a trust store',
    configurable: false,
  },
  all: {
    type: 'boolean',
    group: 'signature',
    summary: 'delete the whole trust store',
    configurable: false,
  },
  trust: {
    type: 'boolean',
    group: 'signature',
    summary: 'put a test certificate into the trust store of its name',
    configurable: false,
  },
  'make-default': {
    type: 'boolean',
    group: 'signature',
    summary: 'sign with this key when none is named',
    aliases: ['default'],
    configurable: false,
  },
  bits: {
    type: 'string',
    value: 'N',
    choices: ['2048', '3072', '4096'],
    default: '2048',
    group: 'signature',
    summary: 'size of the RSA key of a test certificate',
    configurable: false,
  },
  plugin: {
    type: 'string',
    value: 'NAME',
    group: 'signature',
    summary: 'plugin that keeps a key',
    configurable: false,
  },
  id: {
    type: 'string',
    value: 'ID',
    group: 'signature',
    summary: 'name of a key within its plugin',
    configurable: false,
  },
  blob: {
    type: 'boolean',
    group: 'signature',
    summary: 'the trust policy for files instead of the one for images',
    configurable: false,
  },
} as const satisfies Readonly<Record<string, Flag>>;

// SPDX-License-Identifier: Apache-2.0
// Kyverno's JMESPath functions that encode, decode and hash texts.
import { createHash } from 'node:crypto';
import { decodeBase64 } from '../../../formats/base64.ts';
import { parseKubernetesYaml } from '../../../formats/kubernetes-yaml/documents.ts';
import type { KyvernoFunction } from './define.ts';
import { define, functionFault } from './define.ts';

export const encodingFunctions: readonly KyvernoFunction[] = [
  define('base64_decode', {
    parameters: ['string'],
    returns: 'string',
    note: 'The text that a base64 text stands for.',
    run: ([text]) =>
      decodeBase64(String(text).replaceAll(/[\r\n]/g, ''))?.toString('utf8') ??
      functionFault('base64_decode', 'illegal base64 data'),
  }),
  define('base64_encode', {
    parameters: ['string'],
    returns: 'string',
    note: 'The text in base64.',
    run: ([text]) => Buffer.from(String(text), 'utf8').toString('base64'),
  }),
  define('parse_json', {
    parameters: ['string'],
    returns: 'any',
    note: 'The value a JSON text stands for.',
    run: ([text], { budget }) => {
      budget.spend(String(text).length);
      return parseJsonText(String(text));
    },
  }),
  define('parse_yaml', {
    parameters: ['string'],
    returns: 'any',
    note: 'The value a YAML text stands for, read as Kubernetes reads YAML; of several documents the first.',
    run: ([text], { budget }) => {
      budget.spend(String(text).length);
      return parseYamlText(String(text));
    },
  }),
  ...(['md5', 'sha1', 'sha256'] as const).map((algorithm) =>
    define(algorithm, {
      parameters: ['string'],
      returns: 'string',
      note: `The ${algorithm.toUpperCase()} digest of a text in hexadecimal digits.`,
      run: ([text]) => createHash(algorithm).update(String(text)).digest('hex'),
    }),
  ),
];

function parseJsonText(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return functionFault('parse_json', 'the text is not JSON');
  }
}

function parseYamlText(text: string): unknown {
  const [document] = parseKubernetesYaml(text, 'parse_yaml');
  if (document === undefined) return null;
  const fault = document.problems.find(({ hidesFindings }) => hidesFindings);
  return fault === undefined ? (document.value ?? null) : functionFault('parse_yaml', fault.message);
}

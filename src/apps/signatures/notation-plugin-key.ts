// SPDX-License-Identifier: Apache-2.0
// Keys that a plugin of notation keeps (plugin-extensibility.md, "Signature Generator"): it says of what kind a key is, signs bytes, and hands out the
// certificates. Its answers are checked by notation-sign.ts before anything is published.
import type { SigningChain } from '../../evidence/signatures/notation/chain.ts';
import { hashOf } from '../../evidence/signatures/notation/envelope-signature.ts';
import { decodeBase64 } from '../../formats/base64.ts';
import { asArray, asString } from '../../formats/document.ts';
import type { SigningKey } from '../../formats/notation/configuration.ts';
import type { EnvelopeAlgorithm } from '../../formats/notation/envelope.ts';
import { parseCertificate } from '../../formats/x509.ts';
import { askPlugin } from '../../io/notation-plugin.ts';
import { LandwaiterError } from '../../model/error.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { NotationFolder } from './notation-folder.ts';
import type { Environment } from './notation-plugins.ts';
import { installedPlugin } from './notation-plugins.ts';
import type { KeptNotationKey } from './notation-sign.ts';

const contractVersion = '1.0';
const capability = 'SIGNATURE_GENERATOR.RAW';

/** Kinds of keys with the algorithm of each, in envelopes and in answers of plugins. */
const specs: Readonly<Record<string, readonly [EnvelopeAlgorithm, string]>> = {
  'RSA-2048': ['PS256', 'RSASSA-PSS-SHA-256'],
  'RSA-3072': ['PS384', 'RSASSA-PSS-SHA-384'],
  'RSA-4096': ['PS512', 'RSASSA-PSS-SHA-512'],
  'EC-256': ['ES256', 'ECDSA-SHA-256'],
  'EC-384': ['ES384', 'ECDSA-SHA-384'],
  'EC-521': ['ES512', 'ECDSA-SHA-512'],
};

/** Asks the plugin what kind of key it is. Throws CONFIG_INVALID, PROGRAM_FAILED. */
export async function openPluginKey(
  folder: NotationFolder,
  key: Extract<SigningKey, { kind: 'plugin' }>,
  environment: Environment,
): Promise<KeptNotationKey> {
  const program = folder.pluginProgram(key.plugin);
  const plugin = await installedPlugin(folder, key.plugin, environment);
  if (program === undefined || plugin === undefined)
    throw new LandwaiterError({ code: 'CONFIG_INVALID', message: `the plugin ${key.plugin} is not installed` });
  if (!plugin.capabilities.includes(capability))
    throw new LandwaiterError({
      code: 'CONFIG_INVALID',
      message: `the plugin ${key.plugin} does not sign bytes (${capability}); whole envelopes are not asked for`,
    });
  const base = { contractVersion, keyId: key.id, pluginConfig: Object.fromEntries(key.settings) };
  const failed = (reason: string): LandwaiterError =>
    new LandwaiterError({ code: 'PROGRAM_FAILED', message: `the plugin ${key.plugin}: ${reason}` });
  const described = await askPlugin({ program, command: 'describe-key', question: base, environment });
  const keySpec = asString(described['keySpec']) ?? '';
  const spec = Object.hasOwn(specs, keySpec) ? specs[keySpec] : undefined;
  if (spec === undefined || described['keyId'] !== key.id)
    throw failed('describes another key, or one of no known kind');
  const [algorithm, stated] = spec;
  return {
    kind: 'kept',
    name: key.name,
    algorithm,
    sign: async (input) => {
      const hashAlgorithm = hashOf(algorithm).replace('sha', 'SHA-');
      const question = { ...base, keySpec, hashAlgorithm, payload: input.toString('base64') };
      const answer = await askPlugin({ program, command: 'generate-signature', question, environment });
      const signature = decodeBase64(asString(answer['signature']) ?? '');
      if (answer['keyId'] !== key.id || answer['signingAlgorithm'] !== stated || signature === undefined)
        throw failed('signed with another key or algorithm');
      const chain = chainOf(asArray(answer['certificateChain']));
      if (chain === undefined) throw failed('hands out no certificates that can be read');
      return { signature, chain };
    },
  };
}

function chainOf(items: readonly unknown[]): SigningChain | undefined {
  if (items.length > defaultLimits.certificateChain) return undefined;
  const certificates = items.flatMap((item) => {
    const bytes = decodeBase64(asString(item) ?? '');
    const parsed = bytes === undefined ? undefined : parseCertificate(bytes);
    return parsed?.kind === 'parsed' ? [parsed.value] : [];
  });
  const [leaf, ...above] = certificates;
  return leaf === undefined || certificates.length !== items.length ? undefined : [leaf, ...above];
}

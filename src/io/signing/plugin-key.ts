// SPDX-License-Identifier: Apache-2.0
// Keys behind Sigstore's plugin protocol: `hsm://name` is asked of the program `sigstore-kms-hsm` (sigstore/sigstore, pkg/signature/kms/cliplugin).
// The program gets the protocol version and one JSON argument, the message on standard input, and answers in JSON. Its exit status says nothing.
import { createPublicKey } from 'node:crypto';
import { parsing } from '../../formats/parsed.ts';
import type { HashName } from '../../formats/rekor-entry.ts';
import { signingAlgorithmOf } from '../../formats/signing-algorithm.ts';
import type { MemberReader as Answer } from '../../formats/strict-json.ts';
import { MemberReader, parseStrictJson } from '../../formats/strict-json.ts';
import { printable } from '../../formats/text-table.ts';
import { LandwaiterError } from '../../model/error.ts';
import { defaultLimits } from '../../model/limits.ts';
import { runProgram } from '../program.ts';
import type { Signer } from './signer.ts';
import { unsupportedKey } from './signer.ts';

const protocol = 'v1';
const time = 60_000;
/** Numbers of Go's `crypto.Hash`. */
const hashNumbers: Readonly<Record<HashName, number>> = { sha256: 5, sha384: 6, sha512: 7 };

export interface PluginKey {
  /** `hsm` in `hsm://name`. */
  readonly plugin: string;
  readonly key: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Asks the plugin for the public key. Throws PROGRAM_FAILED, KEY_UNREADABLE. */
export async function pluginSigner(place: PluginKey): Promise<Signer> {
  const name = `${place.plugin}://${place.key}`;
  const first = await askPlugin(place, { hash: 'sha256', method: 'publicKey', input: Buffer.alloc(0) });
  const pem = read(name, () => first.member('publicKey').bytes('publicKeyPEM'));
  const key = openPublicKey(name, pem);
  const algorithm = signingAlgorithmOf(key);
  if (algorithm === undefined) throw unsupportedKey(name);
  return {
    name,
    publicKey: key.export({ format: 'der', type: 'spki' }),
    algorithm,
    sign: async (bytes) => {
      const answer = await askPlugin(place, { hash: algorithm.hash, method: 'signMessage', input: bytes });
      return read(name, () => answer.member('signMessage').bytes('signature'));
    },
  };
}

interface PluginQuestion {
  readonly hash: HashName;
  readonly method: 'publicKey' | 'signMessage';
  readonly input: Uint8Array;
}

async function askPlugin(place: PluginKey, { hash, method, input }: PluginQuestion): Promise<Answer> {
  const options = method === 'publicKey' ? { publicKeyOptions: {} } : { signOptions: {} };
  const question = {
    initOptions: { protocolVersion: protocol, keyResourceID: place.key, hashFunc: hashNumbers[hash], rpcOptions: {} },
    methodName: method,
    [method]: options,
  };
  const program = `sigstore-kms-${place.plugin}`;
  const { output } = await runProgram({
    program,
    arguments: [protocol, JSON.stringify(question)],
    input,
    environment: place.environment,
    time,
    outputBytes: defaultLimits.privateKeyBytes,
  });
  const parsed = parseStrictJson(output, { bytes: defaultLimits.privateKeyBytes, depth: 16 });
  const fail = (reason: string): LandwaiterError =>
    new LandwaiterError({ code: 'PROGRAM_FAILED', message: `${program}: ${reason}` });
  if (parsed.kind === 'malformed') throw fail(`its answer is not JSON (${parsed.reason})`);
  const { errorMessage } = parsed.value;
  if (typeof errorMessage === 'string' && errorMessage !== '') throw fail(printable(errorMessage).slice(0, 300));
  return new MemberReader(parsed.value);
}

function read<T>(name: string, from: () => T): T {
  const parsed = parsing(from);
  if (parsed.kind === 'parsed') return parsed.value;
  throw new LandwaiterError({ code: 'KEY_UNREADABLE', message: `${name}: ${parsed.reason}` });
}

function openPublicKey(name: string, pem: Buffer): ReturnType<typeof createPublicKey> {
  try {
    return createPublicKey(pem);
  } catch (cause) {
    throw new LandwaiterError({ code: 'KEY_UNREADABLE', message: `${name}: no public key was given`, cause });
  }
}

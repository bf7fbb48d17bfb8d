// SPDX-License-Identifier: Apache-2.0
// `landwaiter key generate|public|import`: key pairs to sign with. What exists is not written over unless that is asked for.

import type { KeyObject } from 'node:crypto';
import { resolve } from 'node:path';
import { formatPem } from '../../../formats/pem.ts';
import { localDisk } from '../../../io/disk.ts';
import { askOnTerminal } from '../../../io/password-prompt.ts';
import { writeNewFile } from '../../../io/private-file.ts';
import { parseSecretName, storeKeyPair } from '../../../io/signing/kubernetes-secret.ts';
import { localSigner } from '../../../io/signing/signer.ts';
import { LandwaiterError } from '../../../model/error.ts';
import type { KeyKind } from '../../signatures/make-key.ts';
import { encryptedPair, generateKey, keyKinds } from '../../signatures/make-key.ts';
import {
  clusterOf,
  openKeyFile,
  openSigner,
  passwordOf,
  secretUsage,
  splitReference,
} from '../../signatures/open-key.ts';
import type { FlagValues } from '../arguments.ts';
import type { CommandContext } from '../command.ts';
import { writeWhole } from '../outputs.ts';
import { surroundingsOf } from '../signing.ts';
import { usage } from '../usage.ts';

export async function run(context: CommandContext, operands: readonly string[], values: FlagValues): Promise<number> {
  const [action, ...rest] = operands;
  if (action === 'generate' && rest.length <= 1) return generate(context, values, rest[0]);
  if (action === 'public' && rest.length <= 1) return showPublic(context, values, rest[0]);
  if (action === 'import' && rest.length <= 1) return importKey(context, values, rest[0]);
  throw usage(
    'key takes generate, public or import',
    'landwaiter key generate; landwaiter key public --key cosign.key',
  );
}

async function generate(context: CommandContext, values: FlagValues, place: string | undefined): Promise<number> {
  const kind =
    keyKinds.find((item) => item === (values.text('key-type') ?? 'ecdsa-p256')) ?? ('ecdsa-p256' satisfies KeyKind);
  const make = (): KeyObject => generateKey(kind);
  const [scheme, rest] = place === undefined ? [undefined, ''] : splitReference(place);
  if (place === undefined) return writePair(context, values, { make, fallback: 'cosign' });
  if (scheme !== 'k8s')
    throw usage(
      `key generate does not write to ${place}`,
      'it takes k8s://NAMESPACE/NAME, or --output-key-prefix PATH',
    );
  const secret = parseSecretName(rest);
  if (secret === undefined) throw secretUsage(rest);
  const password = await newPassword(context, values, place);
  const pair = encryptedPair(make(), password);
  await storeKeyPair(clusterOf(surroundingsOf(context, values)), {
    secret,
    ...pair,
    password,
    existing: values.isSet('force') ? 'replace' : 'refuse',
  });
  context.stdout.write(`Secret ${rest} holds the key pair; its public key:\n${pair.publicKey}`);
  return 0;
}

interface PairToWrite {
  readonly make: () => KeyObject | Promise<KeyObject>;
  readonly fallback: string;
}

async function writePair(
  context: CommandContext,
  values: FlagValues,
  { make, fallback }: PairToWrite,
): Promise<number> {
  const prefix = values.text('output-key-prefix') ?? fallback;
  const existing = values.isSet('force') ? 'replace' : 'refuse';
  const [privatePath, publicPath] = [resolve(context.cwd, `${prefix}.key`), resolve(context.cwd, `${prefix}.pub`)];
  // Before a password is asked for.
  const there =
    existing === 'replace' ? undefined : [privatePath, publicPath].find((path) => localDisk.kindOf(path) !== undefined);
  if (there !== undefined)
    throw new LandwaiterError({
      code: 'OUTPUT_FAILED',
      message: `${there} exists already`,
      hint: 'choose another name with --output-key-prefix; --force replaces it, and the old key is lost',
    });
  const key = await make();
  const pair = encryptedPair(key, await newPassword(context, values, `${prefix}.key`));
  writeNewFile({ path: privatePath, content: pair.privateKey, access: 'private', existing });
  writeNewFile({ path: publicPath, content: pair.publicKey, access: 'ordinary', existing });
  context.stdout.write(`private key ${prefix}.key (encrypted, readable by you only), public key ${prefix}.pub\n`);
  return 0;
}

/** Asked twice on a terminal: what was mistyped could never be opened. */
async function newPassword(context: CommandContext, values: FlagValues, name: string): Promise<Buffer> {
  const surroundings = surroundingsOf(context, values);
  const askTwice = async (question: string): Promise<Buffer | undefined> => {
    const first = await askOnTerminal(question);
    if (first === undefined) return undefined;
    const second = await askOnTerminal('Once more: ');
    if (second !== undefined && first.equals(second)) return first;
    throw new LandwaiterError({ code: 'KEY_PASSWORD', message: 'the two passwords differ' });
  };
  return passwordOf({ ...surroundings, askPassword: askTwice }, `New password for ${name}: `, name);
}

async function showPublic(context: CommandContext, values: FlagValues, operand: string | undefined): Promise<number> {
  const reference = values.text('key') ?? operand;
  if (reference === undefined) throw usage('key public needs --key', 'landwaiter key public --key cosign.key');
  const signer = await openSigner(reference, surroundingsOf(context, values));
  const text = formatPem({ label: 'PUBLIC KEY', bytes: signer.publicKey });
  const file = values.text('output');
  if (file === undefined) context.stdout.write(text);
  else writeWhole(resolve(context.cwd, file), file, text);
  return 0;
}

async function importKey(context: CommandContext, values: FlagValues, operand: string | undefined): Promise<number> {
  const path = values.text('key') ?? operand;
  if (path === undefined) throw usage('key import needs --key', 'landwaiter key import --key private.pem');
  const make = async (): Promise<KeyObject> => {
    const key = await openKeyFile(path, {
      ...surroundingsOf(context, values),
      environment: importEnvironment(context),
    });
    localSigner(key, path);
    return key;
  };
  return writePair(context, values, { make, fallback: 'import-cosign' });
}

/** LANDWAITER_IMPORT_PASSWORD opens the foreign key; the other variables are the password of the new file. */
function importEnvironment({ environment }: CommandContext): CommandContext['environment'] {
  const { LANDWAITER_IMPORT_PASSWORD: password, ...rest } = environment;
  return password === undefined ? rest : { ...rest, LANDWAITER_PASSWORD: password };
}

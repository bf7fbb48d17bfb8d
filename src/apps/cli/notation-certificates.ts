// SPDX-License-Identifier: Apache-2.0
// `landwaiter notation cert add|list|show|delete|generate-test`: the trust stores of notation's configuration folder.
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { lstatSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { checkStoreCertificate } from '../../evidence/signatures/notation/trust-store.ts';
import { finishTestCertificate, testCertificateBody } from '../../formats/certificate-writer.ts';
import { formatName, parseNameDer } from '../../formats/distinguished-name.ts';
import type { TrustStoreName } from '../../formats/notation/trust-policy.ts';
import { isStoreName, trustStoreTypes } from '../../formats/notation/trust-policy.ts';
import { formatPem } from '../../formats/pem.ts';
import { layoutTable, printable } from '../../formats/text-table.ts';
import type { Certificate } from '../../formats/x509.ts';
import { reasonOf } from '../../io/disk.ts';
import { writeNewFile } from '../../io/private-file.ts';
import { LandwaiterError } from '../../model/error.ts';
import { storeFolder } from '../signatures/notation-folder.ts';
import type { FlagValues } from './arguments.ts';
import type { CommandContext } from './command.ts';
import { notationFolderOf, readCertificates } from './notation-keys.ts';
import { addSigningKey } from './notation-signing-keys.ts';
import { plainOutput } from './outputs.ts';
import { usage } from './usage.ts';

type Action = (context: CommandContext, operands: readonly string[], values: FlagValues) => number;

const actions: Readonly<Record<string, Action>> = {
  add,
  list,
  ls: list,
  show,
  delete: remove,
  rm: remove,
  'generate-test': generateTest,
};

export async function certificates(
  context: CommandContext,
  operands: readonly string[],
  values: FlagValues,
): Promise<number> {
  const [word = '', ...rest] = operands;
  const action = Object.hasOwn(actions, word) ? actions[word] : undefined;
  if (action === undefined) throw usage('notation cert takes add, list, show, delete or generate-test');
  return action(context, rest, values);
}

function storeOf(values: FlagValues): TrustStoreName {
  const [word, name] = [values.text('type'), values.text('store')];
  const type = trustStoreTypes.find((known) => known === word);
  if (type === undefined || name === undefined)
    throw usage('a trust store is named by --type and --store', `--type ${trustStoreTypes.join('|')} --store NAME`);
  if (!isStoreName(name)) throw usage(`--store: "${name}" is no name of a store`);
  return { type, name };
}

/** All files are read and judged before the first is written. */
function add(context: CommandContext, files: readonly string[], values: FlagValues): number {
  if (files.length === 0) throw usage('notation cert add needs files with certificates');
  const store = storeOf(values);
  const folder = storeFolder(notationFolderOf(context, values).root, store);
  const read = files.map((file) => ({ file, certificates: readCertificates(context, file) }));
  for (const { file, certificates: found } of read)
    for (const certificate of found) {
      const refusal = checkStoreCertificate(certificate, store.type);
      if (refusal !== undefined)
        throw new LandwaiterError({ code: 'INPUT_UNREADABLE', message: `${file}: ${refusal.message}` });
    }
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const { file, certificates: found } of read) {
    const content = found
      .map(({ encoded }) => formatPem({ label: 'CERTIFICATE', bytes: Buffer.from(encoded) }))
      .join('');
    const path = join(folder, basename(file));
    writeNewFile({ path, content, access: 'ordinary', existing: values.isSet('force') ? 'replace' : 'refuse' });
    context.stdout.write(`${store.type}:${store.name} now trusts ${printable(basename(file))}\n`);
  }
  return 0;
}

interface StoredFile {
  readonly type: string;
  readonly store: string;
  readonly file: string;
}

/** Names only: what the files hold is judged when they are used. */
function storedFiles(root: string, values: FlagValues): readonly StoredFile[] {
  const types = trustStoreTypes.filter((type) => (values.text('type') ?? type) === type);
  return types.flatMap((type) =>
    namesIn(join(root, 'truststore', 'x509', type))
      .filter((store) => (values.text('store') ?? store) === store)
      .flatMap((store) => namesIn(storeFolder(root, { type, name: store })).map((file) => ({ type, store, file }))),
  );
}

function namesIn(folder: string): readonly string[] {
  try {
    return lstatSync(folder).isDirectory() ? readdirSync(folder).sort() : [];
  } catch {
    return [];
  }
}

function list(context: CommandContext, operands: readonly string[], values: FlagValues): number {
  if (operands.length > 0) throw usage('notation cert list takes no operand');
  const output = plainOutput(values, context, 'notation cert list');
  const files = storedFiles(notationFolderOf(context, values).root, values);
  if (output.form === 'json') output.write(`${JSON.stringify(files, undefined, 2)}\n`);
  else {
    const rows = files.map(({ type, store, file }) => [type, printable(store), printable(file)]);
    const columns = [{ title: 'TYPE' }, { title: 'STORE' }, { title: 'CERTIFICATE' }];
    output.write(`${layoutTable(columns, rows, undefined).join('\n')}\n`);
  }
  return 0;
}

function show(context: CommandContext, operands: readonly string[], values: FlagValues): number {
  const [file] = operands;
  if (file === undefined || operands.length > 1) throw usage('notation cert show needs one file of a trust store');
  const path = storedPath(context, values, file);
  const facts = readCertificates(context, path).map(factsOf);
  const output = plainOutput(values, context, 'notation cert show');
  if (output.form === 'json') output.write(`${JSON.stringify(facts, undefined, 2)}\n`);
  else
    output.write(
      `${facts
        .map((fact) =>
          Object.entries(fact)
            .map(([name, value]) => `${name}: ${printable(value)}`)
            .join('\n'),
        )
        .join('\n\n')}\n`,
    );
  return 0;
}

function factsOf(certificate: Certificate): Readonly<Record<string, string>> {
  const name = (encoded: Buffer): string => {
    const parsed = parseNameDer(encoded);
    return parsed.kind === 'parsed' ? formatName(parsed.value) : 'not readable';
  };
  return {
    issuer: name(certificate.issuer),
    subject: name(certificate.subject),
    'valid from': new Date(certificate.notBefore).toISOString(),
    'valid until': new Date(certificate.notAfter).toISOString(),
    authority: certificate.isAuthority ? 'yes' : 'no',
    'SHA-256': createHash('sha256').update(certificate.encoded).digest('hex'),
  };
}

function storedPath(context: CommandContext, values: FlagValues, file: string): string {
  const store = storeOf(values);
  if (file !== basename(file) || file === '.' || file === '..')
    throw usage(`"${file}" is no name of a file in a store`);
  const path = join(storeFolder(notationFolderOf(context, values).root, store), file);
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined)
    throw new LandwaiterError({
      code: 'TARGET_NOT_FOUND',
      message: `${store.type}:${store.name} has no ${file}`,
    });
  return path;
}

/** One file, or with --all the store. */
function remove(context: CommandContext, operands: readonly string[], values: FlagValues): number {
  const [file] = operands;
  const isAll = values.isSet('all');
  if (isAll === (file !== undefined) || operands.length > 1)
    throw usage('notation cert delete needs one file of a trust store, or --all');
  if (!values.isSet('yes')) throw usage('what is deleted is trusted no more', 'say --yes to do it');
  const store = storeOf(values);
  const path =
    file === undefined ? storeFolder(notationFolderOf(context, values).root, store) : storedPath(context, values, file);
  try {
    rmSync(path, { recursive: isAll });
  } catch (cause) {
    throw new LandwaiterError({ code: 'OUTPUT_FAILED', message: `${path}: ${reasonOf(cause)}`, cause });
  }
  context.stdout.write(
    `${store.type}:${store.name}: ${file === undefined ? 'the store' : printable(file)} is deleted\n`,
  );
  return 0;
}

const day = 24 * 60 * 60 * 1_000;

/** A key and a certificate that signs itself, in `localkeys`, for trying things out. With --trust it also goes into the store of its name. */
function generateTest(context: CommandContext, operands: readonly string[], values: FlagValues): number {
  const [commonName] = operands;
  if (commonName === undefined || operands.length > 1 || !isStoreName(commonName))
    throw usage('notation cert generate-test needs one name of letters, digits, ".", "_" and "-"');
  const bits = Number(values.text('bits') ?? '2048');
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: bits });
  const now = context.clock.now();
  const body = testCertificateBody({
    name: { country: 'US', state: 'WA', locality: 'Seattle', organization: 'Notary', commonName },
    publicKey: publicKey.export({ format: 'der', type: 'spki' }),
    serial: randomBytes(16),
    notBefore: Math.floor(now / 1_000) * 1_000,
    notAfter: Math.floor(now / 1_000) * 1_000 + day,
  });
  const bytes = finishTestCertificate(body, sign('sha256', body, privateKey));
  const { root } = notationFolderOf(context, values);
  const place = join(root, 'localkeys');
  mkdirSync(place, { recursive: true, mode: 0o700 });
  const [keyPath, certificatePath] = [join(place, `${commonName}.key`), join(place, `${commonName}.crt`)];
  const pem = formatPem({ label: 'CERTIFICATE', bytes });
  const existing = values.isSet('force') ? 'replace' : 'refuse';
  const keyText = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  writeNewFile({ path: keyPath, content: keyText, access: 'private', existing });
  writeNewFile({ path: certificatePath, content: pem, access: 'ordinary', existing });
  addSigningKey(
    notationFolderOf(context, values),
    { kind: 'files', name: commonName, keyPath, certificatePath },
    { isDefault: values.isSet('make-default'), existing },
  );
  const lines = [`${keyPath} and ${certificatePath} are written (valid for one day, for tests only)`];
  if (values.isSet('trust')) {
    const folder = storeFolder(root, { type: 'ca', name: commonName });
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeNewFile({ path: join(folder, `${commonName}.crt`), content: pem, access: 'ordinary', existing });
    lines.push(`ca:${commonName} trusts it`);
  }
  context.stdout.write(`${lines.join('\n')}\n`);
  return 0;
}

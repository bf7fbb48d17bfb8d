// SPDX-License-Identifier: Apache-2.0
// Which key signs a Notary Project signature: files that are named, or a key of signingkeys.json. And the flags that all signing of that kind shares.
import { resolve } from 'node:path';
import { parseCertificateFile } from '../../formats/certificate-file.ts';
import { parseGoDuration } from '../../formats/go-duration.ts';
import type { EnvelopeFormat } from '../../formats/notation/envelope.ts';
import type { Certificate } from '../../formats/x509.ts';
import { localDisk } from '../../io/disk.ts';
import { nodeTransport } from '../../io/registry/transport.ts';
import { serviceClient } from '../../io/service.ts';
import { LandwaiterError } from '../../model/error.ts';
import type { NotationFolder } from '../signatures/notation-folder.ts';
import { notationFolder, notationRoot } from '../signatures/notation-folder.ts';
import type { NotationKey, NotationSigning } from '../signatures/notation-sign.ts';
import { openKeyFile } from '../signatures/open-key.ts';
import type { FlagValues } from './arguments.ts';
import type { CommandContext } from './command.ts';
import { surroundingsOf } from './signing.ts';
import { usage } from './usage.ts';

const certificateBytes = 1024 * 1024;

export function notationFolderOf(context: CommandContext, values: FlagValues): NotationFolder {
  return notationFolder(resolve(context.cwd, values.text('notation-config') ?? notationRoot(context.environment)));
}

/** Throws USAGE, CONFIG_INVALID, KEY_UNREADABLE, KEY_PASSWORD. */
export async function notationKeyOf(
  context: CommandContext,
  values: FlagValues,
  folder: NotationFolder,
): Promise<NotationKey> {
  const named = values.text('key');
  const chain = values.text('certificate-chain');
  if (chain !== undefined) {
    if (named === undefined) throw usage('--certificate-chain goes with --key FILE');
    return openFiles(context, values, { name: named, keyPath: named, certificatePath: chain });
  }
  const { keys, default: chosen } = folder.signingKeys();
  const name = named ?? chosen;
  if (name === undefined)
    throw usage(
      'no key is named, and signingkeys.json has no default',
      '--key FILE --certificate-chain FILE, or --key NAME of a key in signingkeys.json',
    );
  const key = keys.find((item) => item.name === name);
  if (key === undefined)
    throw usage(`${folder.root}/signingkeys.json has no key "${name}"`, 'a key file needs --certificate-chain FILE');
  if (key.kind === 'files') return openFiles(context, values, key);
  const { openPluginKey } = await import('../signatures/notation-plugin-key.ts');
  return openPluginKey(folder, key, context.environment);
}

interface KeyFiles {
  readonly name: string;
  readonly keyPath: string;
  readonly certificatePath: string;
}

async function openFiles(context: CommandContext, values: FlagValues, files: KeyFiles): Promise<NotationKey> {
  const [leaf, ...above] = readCertificates(context, files.certificatePath);
  if (leaf === undefined)
    throw new LandwaiterError({ code: 'KEY_UNREADABLE', message: `${files.certificatePath}: holds no certificate` });
  const key = await openKeyFile(files.keyPath, surroundingsOf(context, values));
  return { kind: 'local', name: files.name, key, chain: [leaf, ...above] };
}

/** Certificates of a file, PEM or DER. Throws KEY_UNREADABLE. */
export function readCertificates({ cwd }: Pick<CommandContext, 'cwd'>, path: string): readonly Certificate[] {
  const result = localDisk.read(resolve(cwd, path), certificateBytes);
  const unreadable = (reason: string): LandwaiterError =>
    new LandwaiterError({ code: 'KEY_UNREADABLE', message: `${path}: ${reason}` });
  if (result.kind !== 'bytes')
    throw unreadable(result.kind === 'unreadable' ? result.reason : `larger than ${certificateBytes} bytes`);
  const parsed = parseCertificateFile(result.bytes);
  if (parsed.kind === 'malformed') throw unreadable(parsed.reason);
  return parsed.value;
}

export interface SigningWishes extends Pick<NotationSigning, 'format' | 'expiry' | 'timestamp' | 'now'> {
  readonly metadata: ReadonlyMap<string, string>;
  readonly close: () => void;
}

const stall = 30_000;
const reserved = 'io.cncf.notary';

/** What the flags say of the signature itself. Throws USAGE, KEY_UNREADABLE. */
export function signingWishes(context: CommandContext, values: FlagValues, folder: NotationFolder): SigningWishes {
  const now = context.clock.now();
  const url = values.text('timestamp-server-url');
  const roots = values.text('timestamp-certificate-chain');
  if ((url === undefined) !== (roots === undefined))
    throw usage('--timestamp-url and --timestamp-root-cert go together: a timestamp is checked before it is used');
  const transport = nodeTransport({ stall, environment: context.environment, certificatesFor: () => undefined });
  if (url !== undefined && !URL.canParse(url)) throw usage(`--timestamp-url: "${url}" is no address`);
  return {
    now,
    format: formatOf(values, folder),
    expiry: expiryOf(values, now),
    metadata: metadataOf(values),
    timestamp:
      url === undefined || roots === undefined
        ? undefined
        : { client: serviceClient(transport), url, roots: readCertificates(context, roots) },
    close: () => transport.close(),
  };
}

function formatOf(values: FlagValues, folder: NotationFolder): EnvelopeFormat {
  const word = values.text('signature-format') ?? folder.settings().signatureFormat ?? 'jws';
  return word === 'cose' ? 'cose' : 'jws';
}

const second = 1_000_000_000n;

function expiryOf(values: FlagValues, now: number): number | undefined {
  const text = values.text('expiry');
  if (text === undefined) return undefined;
  const duration = parseGoDuration(text);
  // Envelopes hold whole seconds.
  if (duration === undefined || duration < second || duration % second !== 0n)
    throw usage(`--expiry: "${text}" is no time of whole seconds`, 'such as 24h or 90m');
  return now + Number(duration / 1_000_000n);
}

function metadataOf(values: FlagValues): ReadonlyMap<string, string> {
  const metadata = new Map<string, string>();
  for (const word of values.list('user-metadata')) {
    const equals = word.indexOf('=');
    const name = word.slice(0, equals);
    if (equals < 1) throw usage(`--user-metadata takes KEY=VALUE; "${word}" is none`);
    if (name.startsWith(reserved)) throw usage(`--user-metadata: names that begin with ${reserved} are reserved`);
    if (metadata.has(name)) throw usage(`--user-metadata: "${name}" stands twice`);
    metadata.set(name, word.slice(equals + 1));
  }
  return metadata;
}

// SPDX-License-Identifier: Apache-2.0
// `landwaiter notation blob sign|verify FILE`: Notary Project signatures of files, kept beside them.
import { hash } from 'node:crypto';
import { basename, dirname, join, resolve } from 'node:path';
import type { EnvelopeFormat } from '../../formats/notation/envelope.ts';
import { envelopeMediaTypes } from '../../formats/notation/envelope.ts';
import { statementForBlob } from '../../formats/notation/trust-policy.ts';
import { printable } from '../../formats/text-table.ts';
import { writeNewFile } from '../../io/private-file.ts';
import type { Digest } from '../../model/digest.ts';
import { LandwaiterError } from '../../model/error.ts';
import { defaultLimits } from '../../model/limits.ts';
import { signNotation, targetHash } from '../signatures/notation-sign.ts';
import { judgeSignature, rememberedStores } from '../signatures/notation-verify.ts';
import type { FlagValues } from './arguments.ts';
import type { CommandContext } from './command.ts';
import { notationFolderOf, notationKeyOf, signingWishes } from './notation-keys.ts';
import type { NotationJudgement } from './notation-output.ts';
import { exitOfResult, judgementJson, judgementText, resultOf, warnOfJudgement } from './notation-output.ts';
import { notationFetcher } from './notation-revocation.ts';
import { plainOutput } from './outputs.ts';
import { annotationsOf } from './signature-policy.ts';
import { readInput } from './signing.ts';
import { usage } from './usage.ts';

const envelopeBytes = 4 * 1024 * 1024;
const usualType = 'application/octet-stream';

export async function blob(context: CommandContext, operands: readonly string[], values: FlagValues): Promise<number> {
  const [word, file, ...more] = operands;
  const hint = 'landwaiter notation blob sign FILE; landwaiter notation blob verify --signature FILE.jws.sig FILE';
  if ((word !== 'sign' && word !== 'verify') || file === undefined || more.length > 0)
    throw usage('notation blob takes sign or verify, and one file', hint);
  return word === 'sign' ? signBlob(context, file, values) : verifyBlob(context, file, values);
}

async function signBlob(context: CommandContext, file: string, values: FlagValues): Promise<number> {
  const folder = notationFolderOf(context, values);
  const key = await notationKeyOf(context, values, folder);
  const { metadata, close, ...wishes } = signingWishes(context, values, folder);
  try {
    const bytes = await readInput(context, file, defaultLimits.blobToSignBytes);
    const hashName = targetHash(key);
    const target = {
      mediaType: values.text('media-type') ?? usualType,
      digest: `${hashName}:${hash(hashName, bytes)}` as Digest,
      size: bytes.length,
      annotations: metadata,
    };
    const { envelope } = await signNotation({ ...wishes, key, target });
    const place = resolve(context.cwd, values.text('signature-directory') ?? dirname(file));
    const path = join(place, `${basename(file)}.${wishes.format}.sig`);
    const existing = values.isSet('force') ? 'replace' : 'refuse';
    writeNewFile({ path, content: envelope, access: 'ordinary', existing });
    context.stdout.write(
      `signed ${printable(file)} (${target.digest}) with ${printable(key.name)}; written to ${path}\n`,
    );
    return 0;
  } finally {
    close();
  }
}

async function verifyBlob(context: CommandContext, file: string, values: FlagValues): Promise<number> {
  const output = plainOutput(values, context, 'verification');
  const signature = values.text('signature');
  if (signature === undefined) throw usage('--signature names the signature', `--signature ${file}.jws.sig`);
  const folder = notationFolderOf(context, values);
  const policy = folder.trustPolicy('blob');
  if (policy === undefined)
    throw new LandwaiterError({
      code: 'CONFIG_INVALID',
      message: `${folder.root}: there is no trust policy for files (trustpolicy.blob.json)`,
    });
  const named = values.text('policy-name');
  const statement = statementForBlob(policy, named);
  if (statement === undefined)
    throw new LandwaiterError({
      code: 'CONFIG_INVALID',
      message: named === undefined ? 'no statement is the global policy' : `no statement is called "${named}"`,
      hint: '--policy-name names a statement of trustpolicy.blob.json',
    });
  const bytes = await readInput(context, file, defaultLimits.blobToSignBytes);
  const envelope = Buffer.from(await readInput(context, signature, envelopeBytes));
  const mediaType = envelopeMediaTypes[formatOfFile(signature)];
  const manifest = {
    digest: `sha256:${hash('sha256', bytes)}` as Digest,
    mediaType: values.text('media-type') ?? usualType,
    size: bytes.length,
  };
  const judge = async (): Promise<NotationJudgement> => {
    if (statement.level === 'skip') return { kind: 'skipped', name: file, statement };
    const lookup = rememberedStores(folder);
    const network = notationFetcher(context, values);
    try {
      const verification = await judgeSignature(
        { bytes: envelope, mediaType },
        {
          artifact: { kind: 'blob', bytes, mediaType: values.text('media-type') },
          lookup,
          verifier: {
            folder,
            statement,
            annotations: annotationsOf(values) ?? {},
            now: context.clock.now(),
            fetcher: network.fetcher,
            environment: context.environment,
          },
        },
      );
      const judged = {
        signature: { digest: `sha256:${hash('sha256', envelope)}` as Digest, mediaType },
        verification,
      };
      const isGood = verification.kind === 'verified';
      const verdict = { accepted: isGood ? judged : undefined, refused: isGood ? [] : [judged], unread: [], lookup };
      return { kind: 'judged', name: file, manifest, statement, verdict };
    } finally {
      network.close();
    }
  };
  const judgement = await judge();
  output.write(
    output.form === 'json' ? `${JSON.stringify(judgementJson(judgement), undefined, 2)}\n` : judgementText(judgement),
  );
  warnOfJudgement(context, judgement);
  return exitOfResult[resultOf(judgement)];
}

/** Matches notation, which tells the format by the name. Throws USAGE. */
function formatOfFile(path: string): EnvelopeFormat {
  if (path.endsWith('.jws.sig')) return 'jws';
  if (path.endsWith('.cose.sig')) return 'cose';
  throw usage(`the name of ${path} ends neither in .jws.sig nor in .cose.sig`);
}

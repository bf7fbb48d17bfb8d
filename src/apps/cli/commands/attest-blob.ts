// SPDX-License-Identifier: Apache-2.0
// `landwaiter attest-blob FILE`: a signed statement about a file, which may be given by its digest.
import { hash } from 'node:crypto';
import { basename } from 'node:path';
import { formatStatement } from '../../../formats/attestation-statement.ts';
import { parseContentDigest } from '../../../formats/oci/reference.ts';
import { type Digest, parseDigest } from '../../../model/digest.ts';
import { defaultLimits } from '../../../model/limits.ts';
import type { FlagValues } from '../arguments.ts';
import type { CommandContext } from '../command.ts';
import { checkSubject, predicateInput } from '../predicate-input.ts';
import { signBlob } from '../sign-blobs.ts';
import { readInput } from '../signing.ts';
import { usage } from '../usage.ts';

export async function run(context: CommandContext, operands: readonly string[], values: FlagValues): Promise<number> {
  const [name, ...more] = operands;
  const stated = values.text('digest');
  if (more.length > 0 || (name === undefined && stated === undefined))
    throw usage(
      'attest-blob takes one file, or --digest',
      'landwaiter attest-blob --key cosign.key --predicate p.json --type slsaprovenance1 app',
    );
  if (name === '-' && (values.text('predicate') === '-' || values.text('statement') === '-'))
    throw usage('standard input cannot be both the file and the claim');
  const digest = stated === undefined ? await digestOfFile(context, name ?? '') : statedDigest(stated);
  const input = await predicateInput(context, values);
  checkSubject(input, digest);
  const [algorithm = '', hex = ''] = digest.split(':');
  const subjects = [{ ...(name === undefined ? {} : { name: basename(name) }), digest: { [algorithm]: hex } }];
  const payload =
    input.kind === 'statement'
      ? input.payload
      : formatStatement({ version: '1', subjects, predicateType: input.predicateType, predicate: input.predicate });
  return signBlob(context, values, {
    name: name ?? digest,
    toSign: { kind: 'statement', payload },
    shown: ({ bundleText }) => bundleText,
  });
}

async function digestOfFile(context: CommandContext, name: string): Promise<Digest> {
  const bytes = await readInput(context, name, defaultLimits.blobToSignBytes);
  return statedDigest(`sha256:${hash('sha256', bytes)}`);
}

/** `sha256:HEX`, or the hex alone as Cosign's --hash has it. */
function statedDigest(text: string): Digest {
  const digest = parseContentDigest(text) ?? parseDigest(`sha256:${text}`);
  if (digest === undefined) throw usage(`--digest: "${text.slice(0, 100)}" is no digest`);
  return digest;
}

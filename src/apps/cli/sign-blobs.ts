// SPDX-License-Identifier: Apache-2.0
// `sign-blob` and `attest-blob`: one file (or its digest), one proof, written where the flags say or to standard output.
import type { MadeProof, ToSign } from '../signatures/make-proof.ts';
import { makeProof } from '../signatures/make-proof.ts';
import type { FlagValues } from './arguments.ts';
import type { CommandContext } from './command.ts';
import { logLines, openSession, planSigning, writeProofFiles } from './signing.ts';

export interface BlobSigningRequest {
  /** As the user named it. */
  readonly name: string;
  readonly toSign: ToSign;
  /** What goes to standard output when no file is named. */
  readonly shown: (proof: MadeProof) => string;
}

/** Returns the exit status. */
export async function signBlob(
  context: CommandContext,
  values: FlagValues,
  request: BlobSigningRequest,
): Promise<number> {
  const plan = planSigning(context, values);
  if (values.isSet('dry-run')) {
    const who = plan.signer.kind === 'key' ? `key ${plan.signer.reference}` : 'the identity of a token';
    const lines = [`would sign ${request.name} with ${who}`, ...plan.told.map((line) => `would ask ${line}`)];
    context.stdout.write(`${[...lines, 'nothing was signed, asked or written'].join('\n')}\n`);
    return 0;
  }
  const session = await openSession(context, values, plan);
  try {
    const { credential, client } = session;
    const proof = await makeProof({
      toSign: request.toSign,
      credential,
      services: plan.services,
      client,
      form: 'bundle',
    });
    const files = writeProofFiles(context, values, proof);
    if (files.length === 0) context.stdout.write(`${request.shown(proof)}\n`);
    const parts = [
      `signed ${request.name} by ${session.who}`,
      ...logLines(proof, plan.services),
      ...files.map((file) => `written to ${file}`),
    ];
    context.log.info(parts.join('; '));
    return 0;
  } finally {
    session.close();
  }
}

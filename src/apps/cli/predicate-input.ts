// SPDX-License-Identifier: Apache-2.0
// What `attest` and `attest-blob` claim: a predicate with its type, or a whole statement that names the artifact.
import { predicateText } from '../../formats/attestation-statement.ts';
import { parseInTotoStatement } from '../../formats/in-toto-statement.ts';
import type { Digest } from '../../model/digest.ts';
import { LandwaiterError } from '../../model/error.ts';
import { defaultLimits } from '../../model/limits.ts';
import { nearest } from '../../model/nearest.ts';
import { predicateTypeOf, predicateTypes } from '../signatures/predicate-types.ts';
import type { FlagValues } from './arguments.ts';
import type { CommandContext } from './command.ts';
import { readInput } from './signing.ts';
import { usage } from './usage.ts';

export type PredicateInput =
  | { readonly kind: 'predicate'; readonly predicateType: string; readonly predicate: string }
  | { readonly kind: 'statement'; readonly predicateType: string; readonly payload: Buffer };

/** Reads --predicate with --type, or --statement. Throws USAGE, INPUT_UNREADABLE. */
export async function predicateInput(context: CommandContext, values: FlagValues): Promise<PredicateInput> {
  const [predicate, statement] = [values.text('predicate'), values.text('statement')];
  if ((predicate === undefined) === (statement === undefined))
    throw usage('either --predicate or --statement says what is claimed', '--predicate - reads from standard input');
  if (statement !== undefined) {
    const payload = Buffer.from(await readInput(context, statement, defaultLimits.attestationBytes));
    const parsed = parseInTotoStatement(payload);
    if (parsed.kind === 'malformed') throw unreadable(`${statement}: ${parsed.reason}`);
    return { kind: 'statement', predicateType: parsed.value.predicateType, payload };
  }
  const type = values.text('type') ?? 'custom';
  const predicateType = predicateTypeOf(type);
  if (predicateType === undefined) {
    const close = nearest(type, Object.keys(predicateTypes));
    throw usage(
      `"${type}" is no type of predicate`,
      close === undefined ? 'it takes short names and URIs' : `did you mean ${close}?`,
    );
  }
  const bytes = await readInput(context, predicate ?? '', defaultLimits.attestationBytes);
  const createdAt = new Date(context.clock.now()).toISOString().replace(/\.\d+Z$/, 'Z');
  const text = predicateText({ type, predicateType, bytes, createdAt });
  if (text.kind === 'malformed') throw unreadable(text.reason);
  return { kind: 'predicate', predicateType, predicate: text.value };
}

/** A statement about something else would be signed in the name of this artifact. Throws USAGE. */
export function checkSubject(input: PredicateInput, digest: Digest): void {
  if (input.kind === 'predicate') return;
  const parsed = parseInTotoStatement(input.payload);
  const [algorithm = '', hex = ''] = digest.split(':');
  if (parsed.kind === 'parsed' && parsed.value.subjects.some((subject) => subject.digest.get(algorithm) === hex))
    return;
  throw usage(`the statement is not about ${digest}`);
}

function unreadable(message: string): LandwaiterError {
  return new LandwaiterError({ code: 'INPUT_UNREADABLE', message });
}

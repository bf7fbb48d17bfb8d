// SPDX-License-Identifier: Apache-2.0
// Attestor sets counted: every entry is asked, so that one round of look-ups is enough; what nobody could look at is never a pass.
import type { AuthorityAnswer } from '../../image-policy/evaluate.ts';
import type { SignerEntry } from './signer.ts';
import type { AttestorSet } from './verification.ts';

/** Whether one signer has signed. */
export type AskSigner = (entry: SignerEntry) => AuthorityAnswer;

/** All sets must be met. */
export function countSets(sets: readonly AttestorSet[], ask: AskSigner): AuthorityAnswer {
  const answers = sets.map((set) => countSet(set, ask));
  const worst =
    answers.find(({ outcome }) => outcome === 'fail') ??
    answers.find(({ outcome }) => outcome === 'error') ??
    answers.find(({ outcome }) => outcome === 'pending');
  return worst ?? joined(answers);
}

function countSet({ count, entries }: AttestorSet, ask: AskSigner): AuthorityAnswer {
  const answers = entries.map((entry) => (entry.kind === 'set' ? countSet(entry.set, ask) : ask(entry.signer)));
  const of = (outcome: AuthorityAnswer['outcome']): readonly AuthorityAnswer[] =>
    answers.filter((answer) => answer.outcome === outcome);
  const passed = of('pass');
  if (passed.length >= count) return joined(passed);
  const [pending, failed, errors] = [of('pending'), of('fail'), of('error')];
  const said = (list: readonly AuthorityAnswer[]): string =>
    [...new Set(list.map(({ message }) => message))].join('; ');
  const missing = entries.length === 1 ? '' : `${passed.length} of ${count} needed: `;
  // Those that nobody could look at might have been enough: then nobody knows.
  if (passed.length + pending.length + errors.length < count)
    return { outcome: 'fail', message: `${missing}${said(failed)}` };
  return pending.length > 0
    ? { outcome: 'pending', message: said(pending) }
    : { outcome: 'error', message: `${missing}${said([...errors, ...failed])}` };
}

/** What several answers say together. Two digests for one name mean that a registry gives different people different images. */
function joined(answers: readonly AuthorityAnswer[]): AuthorityAnswer {
  const digests = new Set(answers.flatMap(({ digest }) => digest ?? []));
  if (digests.size > 1)
    return { outcome: 'error', message: `the name stands for several images: ${[...digests].join(', ')}` };
  const [digest] = digests;
  return {
    outcome: 'pass',
    message: [...new Set(answers.map(({ message }) => message))].join(', '),
    statements: answers.flatMap(({ statements }) => statements ?? []),
    ...(digest === undefined ? {} : { digest }),
  };
}

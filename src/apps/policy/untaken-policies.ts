// SPDX-License-Identifier: Apache-2.0
// Of documents that no engine took: policies of a dialect that nobody here speaks are told apart from objects, because a policy that judges nothing must
// not pass for one that found nothing.

import { nearest } from '../../model/nearest.ts';
import type { Problem } from '../../model/problem.ts';
import type { EngineDocument } from '../../policy/engine.ts';
import { describeObject } from '../../policy/policy-set.ts';
import { kindsOfDialect, policyDialectOf } from './policy-dialects.ts';

export interface UntakenDocuments<D extends EngineDocument> {
  /** No policies: namespaces, params, whatever policies may look up or judge. */
  readonly objects: readonly D[];
  /** One for each policy that nobody takes; they hide findings. */
  readonly problems: readonly Problem[];
}

/** Never throws. */
export function sortUntaken<D extends EngineDocument>(documents: readonly D[]): UntakenDocuments<D> {
  const objects: D[] = [];
  const problems: Problem[] = [];
  for (const document of documents) {
    const dialect = policyDialectOf(document.object);
    if (dialect === undefined) objects.push(document);
    else problems.push(untaken(document, dialect));
  }
  return { objects, problems };
}

function untaken(document: EngineDocument, dialect: string): Problem {
  const { kind } = document.object;
  const close = typeof kind === 'string' ? nearest(kind, kindsOfDialect(dialect)) : undefined;
  const hint = close === undefined || close === kind ? '' : `; did you mean ${close}?`;
  const message = `${describeObject(document.object)} is a policy of ${dialect}, which no engine here takes; it judged nothing${hint}`;
  return { kind: 'unsupported', message, location: document.locate(['kind']), hidesFindings: true };
}

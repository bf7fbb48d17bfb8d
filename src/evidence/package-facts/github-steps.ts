// SPDX-License-Identifier: Apache-2.0
// Where `uses:` stands in workflows and composite actions, with line and comment of each.
import type { Document, DocumentPath } from '../../formats/document.ts';
import { asArray, asObject, asString } from '../../formats/document.ts';
import type { UseKind, UseStatement } from './github-uses.ts';

/** The `uses` of a list of steps. */
export function usesOfSteps(
  document: Document,
  steps: unknown,
  at: DocumentPath,
  lines: readonly string[],
): UseStatement[] {
  return asArray(steps).flatMap((step, index) => {
    const use = useAt(document, asObject(step)?.['uses'], [...at, index, 'uses'], { kind: 'action', lines });
    return use === undefined ? [] : [use];
  });
}

/** One `uses` value; undefined when it is no text. */
export function useAt(
  document: Document,
  value: unknown,
  at: DocumentPath,
  context: { readonly kind: UseKind; readonly lines: readonly string[] },
): UseStatement | undefined {
  const text = asString(value);
  if (text === undefined || text.trim() === '') return undefined;
  const location = document.locate(at);
  const line = context.lines[(location.line ?? 0) - 1] ?? '';
  const after = line.indexOf(text) === -1 ? '' : line.slice(line.indexOf(text) + text.length);
  const comment = /^["']?\s+#(.*)$/.exec(after.trimEnd())?.[1] ?? '';
  return { kind: context.kind, text, location, comment };
}

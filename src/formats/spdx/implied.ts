// SPDX-License-Identifier: Apache-2.0
// What a document states by other means than the member for it. Relationships: the lists `documentDescribes` and `hasFiles` of the JSON
// form (deprecated in 2.3) and, in tag-value, a file that stands below a package. The file of a range: the file of its snippet.
import type { SpdxPointer, SpdxRelationship, SpdxSnippet } from './document.ts';

const inverses: Readonly<Record<string, string>> = { DESCRIBES: 'DESCRIBED_BY', CONTAINS: 'CONTAINED_BY' };

export interface ImpliedRelationship {
  readonly from: string;
  readonly type: 'DESCRIBES' | 'CONTAINS';
  readonly to: string;
}

/** The stated relationships, then the implied ones that are not stated in either direction, each once. */
export function withImplied(
  stated: readonly SpdxRelationship[],
  implied: readonly ImpliedRelationship[],
): readonly SpdxRelationship[] {
  const known = new Set<string>();
  for (const { spdxElementId, relationshipType, relatedSpdxElement } of stated) {
    known.add(`${spdxElementId} ${relationshipType} ${relatedSpdxElement}`);
  }
  const added: SpdxRelationship[] = [];
  for (const { from, type, to } of implied) {
    const key = `${from} ${type} ${to}`;
    if (known.has(key) || known.has(`${to} ${inverses[type]} ${from}`)) continue;
    known.add(key);
    added.push({ spdxElementId: from, relationshipType: type, relatedSpdxElement: to });
  }
  return [...stated, ...added];
}

/** Fills in the file that a range speaks of where the range leaves it out (tag-value always does). */
export function withRangeReferences(snippets: readonly SpdxSnippet[]): readonly SpdxSnippet[] {
  for (const { ranges, snippetFromFile } of snippets) {
    if (snippetFromFile === undefined) continue;
    for (const pointer of (ranges ?? []).flatMap((range) => [range.startPointer, range.endPointer])) {
      // Runs while a reader still builds the tree, which is why the pointers may be written to.
      if (pointer !== undefined && pointer.reference === undefined) setReference(pointer, snippetFromFile);
    }
  }
  return snippets;
}

function setReference(pointer: { reference?: string } & SpdxPointer, file: string): void {
  pointer.reference = file;
}

// SPDX-License-Identifier: Apache-2.0
// A remark on a policy that lets more through than it seems to say.
import type { DocumentPath } from '../../formats/document.ts';

export interface FailOpenRemark {
  /** Stable name: `existing-violations`. docs/kyverno.md has a line for each. */
  readonly code: string;
  readonly message: string;
  /** Where in the policy. */
  readonly path: DocumentPath;
}

export type Tell = (code: string, path: DocumentPath, message: string) => void;

/** Whether a text takes a value of the object, which whoever writes the object chooses. */
export function takesFromObject(text: string): boolean {
  return text.includes('{{') && /request\.(?:object|oldObject)|element/.test(text);
}

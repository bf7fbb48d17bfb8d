// SPDX-License-Identifier: Apache-2.0
// An object that was deleted because a policy said so, as the loops that delete tell it.
import type { JsonObject } from '../../../../formats/document.ts';

export interface ToldDeletion {
  /** Its name with its namespace before it where it has one. */
  readonly policy: { readonly kind: string; readonly name: string };
  /** With kind and metadata at least. */
  readonly object: JsonObject;
  readonly why: string;
}

// SPDX-License-Identifier: Apache-2.0
// OCaml packages.
import { languageMatcher } from '../language-matcher.ts';

export const ocaml = languageMatcher({ id: 'ocaml', types: ['opam'], ecosystem: 'opam' });

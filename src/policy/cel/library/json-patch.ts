// SPDX-License-Identifier: Apache-2.0
// jsonpatch.escapeKey (apiserver pkg/cel/library/jsonpatch.go): a key as a segment of a JSON pointer (RFC 6901 section 3).

import type { CelLibrary } from '../declarations.ts';
import { globalOverload } from '../declarations.ts';
import { functionsOf } from '../environment.ts';
import { stringType } from '../types.ts';
import { textOf } from '../values.ts';

export const jsonPatchLibrary: CelLibrary = {
  name: 'jsonpatch',
  functions: functionsOf({
    'jsonpatch.escapeKey': [
      globalOverload('string_jsonpatch_escapeKey_string', [[stringType], stringType], (key = '') =>
        textOf(key).replaceAll('~', '~0').replaceAll('/', '~1'),
      ),
    ],
  }),
};

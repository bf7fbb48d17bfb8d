// SPDX-License-Identifier: Apache-2.0
// `--type` as predicate types. Shared by the commands that verify attestations.
import { LandwaiterError } from '../../model/error.ts';
import { nearest } from '../../model/nearest.ts';
import { equivalentTypes, predicateTypeOf, predicateTypes } from '../signatures/predicate-types.ts';
import type { FlagValues } from './arguments.ts';

/** Types that are asked for; Cosign's `custom` when none is named. Throws USAGE. */
export function wantedTypes(values: FlagValues): readonly string[] {
  const word = values.text('type') ?? 'custom';
  const type = predicateTypeOf(word);
  if (type !== undefined) return equivalentTypes(type);
  const names = Object.keys(predicateTypes);
  const close = nearest(word, names);
  throw new LandwaiterError({
    code: 'USAGE',
    message: `--type does not know "${word}"; it takes ${names.join(', ')}, or the URI of a predicate type`,
    ...(close === undefined ? {} : { hint: `did you mean ${close}?` }),
  });
}

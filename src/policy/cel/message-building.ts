// SPDX-License-Identifier: Apache-2.0
// Messages from literals: fields checked and converted by their declaration, defaults left out where they do not count as set.

import { equalValues } from './equality.ts';
import type { MessageDeclaration } from './message.ts';
import { CelMessage } from './message.ts';
import type { CelValue } from './values.ts';
import { CelError } from './values.ts';

export function buildMessage(
  declaration: MessageDeclaration,
  given: readonly (readonly [string, CelValue])[],
): CelValue {
  const fields = new Map<string, CelValue>();
  for (const [name, value] of given) {
    const field = declaration.field(name);
    if (field === undefined) return new CelError(`no such field '${name}'`);
    const accepted = field.accept === undefined ? value : field.accept(value);
    if (accepted instanceof CelError) return accepted;
    if (accepted === undefined) continue;
    const isDefault =
      field.presence === 'unless-default' && field.fallback !== undefined && equalValues(accepted, field.fallback);
    if (!isDefault) fields.set(name, accepted);
  }
  const message = new CelMessage(declaration, fields);
  return declaration.finish === undefined ? message : declaration.finish(message);
}

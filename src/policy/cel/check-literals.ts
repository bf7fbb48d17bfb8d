// SPDX-License-Identifier: Apache-2.0
// Types of lists, maps and messages as they are written (cel-go checker, checkCreateList, checkCreateMap, checkCreateStruct).

import type { ListLiteral, MapLiteral, MessageLiteral } from './ast.ts';
import type { Checking } from './checking.ts';
import type { CelType } from './types.ts';
import { dynType, listOf, mapOf, messageType, moreGeneral, printType } from './types.ts';

interface Place {
  readonly checking: Checking;
  readonly offset: number;
}

export function checkList(expression: ListLiteral, checking: Checking): CelType {
  let element: CelType | undefined;
  for (const { value, form } of expression.elements) {
    const type = form === 'optional' ? checking.content(value) : checking.check(value);
    element = join(element, type, { checking, offset: value.start });
  }
  return listOf(element ?? checking.freshParameter());
}

export function checkMap(expression: MapLiteral, checking: Checking): CelType {
  let key: CelType | undefined;
  let value: CelType | undefined;
  for (const entry of expression.entries) {
    key = join(key, checking.check(entry.key), { checking, offset: entry.key.start });
    const type = entry.form === 'optional' ? checking.content(entry.value) : checking.check(entry.value);
    value = join(value, type, { checking, offset: entry.value.start });
  }
  return mapOf(key ?? checking.freshParameter(), value ?? checking.freshParameter());
}

/** Type of elements that stand beside each other. */
function join(previous: CelType | undefined, next: CelType, { checking, offset }: Place): CelType {
  if (previous === undefined) return next;
  if (checking.assign(next, previous))
    return moreGeneral(checking.substitution.apply(previous), checking.substitution.apply(next));
  if (checking.environment.literals === 'mixed' || checking.formats > 0) return dynType;
  const [wanted, found] = [previous, next].map((type) => printType(checking.substitution.apply(type, 'dyn')));
  return checking.fault(`expected type '${wanted ?? ''}' but found '${found ?? ''}'`, offset);
}

export function checkMessage(expression: MessageLiteral, checking: Checking): CelType {
  const declaration = checking.environment.resolveMessage(expression.name);
  if (declaration === undefined) {
    for (const { value } of expression.fields) checking.check(value);
    return checking.unknown(expression.name, expression.start);
  }
  for (const { name, value, form } of expression.fields) {
    const type = form === 'optional' ? checking.content(value) : checking.check(value);
    const field = declaration.field(name);
    if (field === undefined) checking.fault(`undefined field '${name}'`, value.start);
    else if (!checking.assign(type, field.type))
      checking.fault(
        `expected type of field '${name}' is '${printType(field.type)}' but provided type is '${printType(checking.substitution.apply(type, 'dyn'))}'`,
        value.start,
      );
  }
  return declaration.type ?? messageType(declaration.name);
}

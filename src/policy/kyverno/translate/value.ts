// SPDX-License-Identifier: Apache-2.0
// What an expression of a policy becomes in CEL: its text, and what is known of its type.
import type { Place } from './cel-text.ts';
import { not, plain, valueOf } from './cel-text.ts';

export type ValueKind = 'list' | 'text' | 'number' | 'truth' | 'map' | 'any';

export interface Value {
  readonly place: Place;
  readonly kind: ValueKind;
}

export function any(text: string, kind: ValueKind = 'any'): Value {
  return { place: plain(text), kind };
}

export function textOf({ place }: Value): string {
  return valueOf(place);
}

export function isTruthy(text: string, kind: ValueKind): string {
  switch (kind) {
    case 'truth':
      return text;
    case 'text':
      return `${text} != ""`;
    case 'list':
    case 'map':
      return `size(${text}) > 0`;
    case 'number':
      return 'true';
    default:
      return not(`dyn(${text}) in [dyn(null), dyn(false), dyn(""), dyn([]), dyn({})]`);
  }
}

export function listText({ place, kind }: Value): string {
  if (place.isOptional) return `${place.text}.orValue([])`;
  return kind !== 'truth' ? place.text : `dyn(${place.text})`;
}

export function mapText({ place }: Value): string {
  return place.isOptional ? `${place.text}.orValue({})` : place.text;
}

// SPDX-License-Identifier: Apache-2.0
// In which fields an object differs from the manifest that was signed for it.
import type { JsonObject } from '../../../formats/document.ts';
import type { Hardening } from '../hardening.ts';
import { isDeepEqual } from '../operators/equality.ts';
import type { IgnoredFields } from './ignored-fields.ts';
import { isAsGoodAsMissing, keyDot } from './ignored-fields.ts';

export interface Difference {
  /** Dotted: `spec.ports.0.port`. */
  readonly field: string;
  readonly signed: unknown;
  readonly actual: unknown;
}

const mostTold = 10;

function encoded(key: string): string {
  return key.replaceAll('.', keyDot);
}

/** Differences that count, the first few of them. `strict`: what the manifest says counts also where Kyverno passes it over. */
export function differencesFrom(
  manifest: JsonObject,
  object: JsonObject,
  { ignored, hardening }: { readonly ignored: IgnoredFields; readonly hardening: Hardening },
): readonly Difference[] {
  const found: Difference[] = [];
  const tell = (signed: unknown, actual: unknown, field: string): void => {
    if (found.length >= mostTold || ignored.always(field)) return;
    const mayBeFilledIn = hardening === 'parity' || isHollow(signed);
    if (mayBeFilledIn && ignored.filledIn(field)) return;
    if (field.endsWith('image') && isSameImage(signed, actual)) return;
    found.push({ field: field.replaceAll(keyDot, '.'), signed, actual });
  };
  const visit = (signed: unknown, actual: unknown, field: string): void => {
    if (found.length >= mostTold || isDeepEqual(signed, actual)) return;
    if (field !== '' && ignored.always(field)) return;
    const [left, right] = [membersOf(signed), membersOf(actual)];
    const isMixed = left !== undefined && right !== undefined && Array.isArray(signed) !== Array.isArray(actual);
    const mayBeEmpty = hardening === 'parity' || isAsGoodAsMissing(field, signed ?? actual, object);
    if ((isMissing(signed) || isMissing(actual)) && !mayBeEmpty && isHollow(signed) && isHollow(actual)) {
      tell(signed, actual, field);
      return;
    }
    // What is there on one side only is gone through as well, since parts of it may not count.
    if (isMixed || (left === undefined && !isHollow(signed)) || (right === undefined && !isHollow(actual))) {
      tell(signed, actual, field);
      return;
    }
    const isList = Array.isArray(signed) || Array.isArray(actual);
    for (const key of new Set([...Object.keys(left ?? {}), ...Object.keys(right ?? {})])) {
      const [member, other] = [own(left, key), own(right, key)];
      const next = field === '' ? encoded(key) : `${field}.${encoded(key)}`;
      // An element with nothing in it is an element: `ingress: [{}]` allows what `ingress: []` does not.
      const isOther = isList && (isMissing(member) || isMissing(other)) && member !== other;
      if (isOther && isHollow(member) && isHollow(other)) tell(member, other, next);
      else visit(member, other, next);
    }
  };
  visit(manifest, object, '');
  return found;
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
}

function own(members: Readonly<Record<string, unknown>> | undefined, key: string): unknown {
  return members !== undefined && Object.hasOwn(members, key) ? members[key] : undefined;
}

function isMissing(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}

/** Null, and maps and lists with nothing in them but such. */
function isHollow(value: unknown): boolean {
  if (isMissing(value)) return true;
  return typeof value === 'object' && Object.values(value).every((member) => isHollow(member));
}

/** Matches Kyverno: a name of an image may have been completed by the registry or the tag that it has anyway. */
function isSameImage(signed: unknown, actual: unknown): boolean {
  if (typeof signed !== 'string') return false;
  const [first = '', ...others] = signed.split('/');
  const hasHost = others.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  return (!hasHost && actual === `docker.io/${signed}`) || actual === `${signed}:latest`;
}

// SPDX-License-Identifier: Apache-2.0
// In which fields an object differs from the manifest that was signed for it.
import type { JsonObject } from '../../../formats/document.ts';
import type { Hardening } from '../hardening.ts';
import { isDeepEqual } from '../operators/equality.ts';
import type { IgnoredFields } from './ignored-fields.ts';
import { keyDot } from './ignored-fields.ts';

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
  const visit = (signed: unknown, actual: unknown, field: string): void => {
    if (found.length >= mostTold || isDeepEqual(signed, actual)) return;
    if (field !== '' && ignored.always(field)) return;
    const [left, right] = [membersOf(signed), membersOf(actual)];
    const isMixed = left !== undefined && right !== undefined && Array.isArray(signed) !== Array.isArray(actual);
    // What is there on one side only is gone through as well, since parts of it may not count.
    if (!isMixed && (left !== undefined || isNothing(signed)) && (right !== undefined || isNothing(actual))) {
      for (const key of new Set([...Object.keys(left ?? {}), ...Object.keys(right ?? {})]))
        visit(own(left, key), own(right, key), field === '' ? encoded(key) : `${field}.${encoded(key)}`);
      return;
    }
    const mayBeFilledIn = hardening === 'parity' || isNothing(signed);
    if (mayBeFilledIn && ignored.filledIn(field)) return;
    if (field.endsWith('image') && isSameImage(signed, actual)) return;
    found.push({ field: field.replaceAll(keyDot, '.'), signed, actual });
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

/** Null and an empty map or list are as good as missing: the API server drops them. */
function isNothing(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'object' && Object.keys(value).length === 0);
}

/** Matches Kyverno: a name of an image may have been completed by the registry or the tag that it has anyway. */
function isSameImage(signed: unknown, actual: unknown): boolean {
  return typeof signed === 'string' && (actual === `docker.io/${signed}` || actual === `${signed}:latest`);
}

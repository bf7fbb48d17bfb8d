// SPDX-License-Identifier: Apache-2.0
// Patterns of maps, lists and anchors as CEL (../overlay.ts is what they mean). Each part gives two expressions: whether the object is let through, and,
// where an anchor can make the rule not apply, whether it does.
import type { JsonObject } from '../../../formats/document.ts';
import { asObject } from '../../../formats/document.ts';
import { hasWildcard } from '../../../formats/wildcard.ts';
import type { AnchorKind } from '../anchor.ts';
import { parseAnchor } from '../anchor.ts';
import { resolveReferences } from '../references.ts';
import type { Names, Place } from './cel-text.ts';
import { allOf, anyOf, CannotCarryOver, listOf, memberOf, not, plain, presenceOf, valueOf } from './cel-text.ts';
import { globToCel, leafToCel } from './leaf.ts';

export interface Judged {
  /** The object fits, or the rule does not apply to it. */
  readonly accepts: string;
  /** The rule does not apply; undefined: it always does. */
  readonly skips: string | undefined;
  /** Every element of a list was skipped: what stands beside the list may still apply. Undefined: never. */
  readonly skipsSoftly?: string | undefined;
}

/** The part fits, and was not merely passed over. */
export function fitsOf({ accepts, skips, skipsSoftly }: Judged): string {
  return allOf([
    accepts,
    skips === undefined ? undefined : not(skips),
    skipsSoftly === undefined ? undefined : not(skipsSoftly),
  ]);
}

export function overlayToCel(pattern: unknown, place: Place, scope: OverlayScope): Judged {
  const resolved = resolveReferences(pattern);
  if (resolved.kind === 'invalid') throw new CannotCarryOver(resolved.message);
  return part(resolved.value, place, scope);
}

/** Texts of a pattern that depend on the object are compared as they are: what the object says is no pattern here. */
export interface OverlayScope {
  readonly names: Names;
  /** A text with variables as CEL. */
  readonly textOf: (text: string) => string;
}

function leafOf(place: Place, pattern: unknown, { textOf }: OverlayScope): string {
  if (typeof pattern !== 'string' || !pattern.includes('{{')) return leafToCel(place, pattern);
  const value = valueOf(place);
  return allOf([`${value} != null`, `string(${value}) == string(${textOf(pattern)})`]);
}

/** `known`: what encloses the part has made sure that the place is there. */
type Presence = 'known' | 'open';

function part(pattern: unknown, place: Place, scope: OverlayScope, presence: Presence = 'open'): Judged {
  if (Array.isArray(pattern)) return list(pattern, place, scope);
  const map = asObject(pattern);
  if (map === undefined) return { accepts: leafOf(place, pattern, scope), skips: undefined };
  const judged = mapToCel(map, place, scope);
  const present = presence === 'known' || failsWhereMissing(map) ? undefined : presenceOf(place);
  if (present === undefined) return judged;
  return {
    accepts: allOf([present, judged.accepts]),
    skips: judged.skips === undefined ? undefined : allOf([present, judged.skips]),
    skipsSoftly: judged.skipsSoftly === undefined ? undefined : allOf([present, judged.skipsSoftly]),
  };
}

/** Whether a member that must be there makes a pattern fail for a map that is missing as a whole. */
function failsWhereMissing(pattern: JsonObject): boolean {
  return !hasAnchors(pattern) && Object.values(pattern).some((value) => value !== null && value !== undefined);
}

interface Member {
  readonly kind: AnchorKind | 'plain';
  readonly key: string;
  readonly pattern: unknown;
}

const anchorsFirst: readonly (AnchorKind | 'plain')[] = ['condition', 'existence', 'equality', 'negation'];

function mapToCel(pattern: JsonObject, place: Place, scope: OverlayScope): Judged {
  const members = Object.keys(pattern)
    .toSorted()
    .map((key): Member => {
      const anchor = parseAnchor(key);
      const kind = anchor === undefined || anchor.kind === 'addIfNotPresent' ? 'plain' : anchor.kind;
      return { kind, key: kind === 'plain' ? key : (anchor?.key ?? key), pattern: pattern[key] };
    });
  const anchors = members.filter(({ kind }) => anchorsFirst.includes(kind));
  const rest = members.filter(({ kind }) => !anchorsFirst.includes(kind));
  const isEarly = (member: Member): boolean => member.kind === 'global' || hasAnchors(member.pattern);
  const ordered = [...anchors, ...rest.filter(isEarly).toReversed(), ...rest.filter((member) => !isEarly(member))];
  const judged = ordered.map((member) => memberToCel(member, place, scope));
  if (judged.length === 0) return { accepts: 'true', skips: undefined };
  // The first member that says anything but yes decides.
  let accepts: string | undefined;
  let skips: string | undefined;
  for (const { accepts: own, skips: ownSkips } of judged.toReversed()) {
    accepts = ownSkips === undefined ? allOf([own, accepts]) : anyOf([ownSkips, allOf([own, accepts])]);
    if (ownSkips !== undefined || skips !== undefined)
      skips = anyOf([
        ...(ownSkips === undefined ? [] : [ownSkips]),
        ...(skips === undefined ? [] : [allOf([own, skips])]),
      ]);
  }
  const soft = judged.map(({ skipsSoftly }) => skipsSoftly).filter((text) => text !== undefined);
  return { accepts: accepts ?? 'true', skips, skipsSoftly: soft.length === judged.length ? allOf(soft) : undefined };
}

function hasAnchors(pattern: unknown): boolean {
  if (Array.isArray(pattern)) return pattern.some(hasAnchors);
  return Object.entries(asObject(pattern) ?? {}).some(([key, value]) => {
    const kind = parseAnchor(key)?.kind;
    return (kind !== undefined && kind !== 'addIfNotPresent') || hasAnchors(value);
  });
}

function memberToCel({ kind, key, pattern }: Member, place: Place, scope: OverlayScope): Judged {
  if (hasWildcard(key)) return wildcardMember({ kind, key, pattern }, place, scope);
  const member = memberOf(place, key);
  const present = presenceOf(member);
  switch (kind) {
    case 'plain':
    case 'addIfNotPresent':
      return part(pattern, member, scope);
    case 'negation':
      return { accepts: present === undefined ? 'false' : not(present), skips: undefined };
    case 'equality': {
      const inner = part(pattern, member, scope, 'known');
      if (present === undefined) return inner;
      return {
        accepts: anyOf([not(present), inner.accepts]),
        skips: inner.skips === undefined ? undefined : allOf([present, inner.skips]),
      };
    }
    case 'existence':
      return { accepts: existence(pattern, member, scope), skips: undefined };
    default: {
      const inner = part(pattern, member, scope, 'known');
      const fits = fitsOf(inner);
      const isMet =
        kind === 'global' ? (present === undefined ? fits : anyOf([not(present), fits])) : allOf([present, fits]);
      return { accepts: 'true', skips: not(isMet) };
    }
  }
}

/** Keys of labels and annotations with wildcards. Where Kyverno looks at one of several keys that fit, all must fit here. */
function wildcardMember({ kind, key, pattern }: Member, place: Place, scope: OverlayScope): Judged {
  if (asObject(pattern) !== undefined || Array.isArray(pattern))
    throw new CannotCarryOver(`the wildcard key ${key} has more below it`);
  const name = scope.names.next('k');
  const map = place.isOptional ? `${place.text}.orValue({})` : place.text;
  const keys = `${map}.filter(${name}, ${globToCel(name, key, 'text')})`;
  const fits = `${keys}.all(${name}, ${leafToCel(plain(`${map}[${name}]`), pattern)})`;
  switch (kind) {
    case 'plain':
      return { accepts: allOf([`${keys}.size() > 0`, fits]), skips: undefined };
    case 'equality':
      return { accepts: fits, skips: undefined };
    case 'negation':
      return { accepts: `${keys}.size() == 0`, skips: undefined };
    case 'condition':
      return { accepts: 'true', skips: not(allOf([`${keys}.size() > 0`, fits])) };
    default:
      throw new CannotCarryOver(`the anchor of the wildcard key ${key}`);
  }
}

function existence(pattern: unknown, place: Place, scope: OverlayScope): string {
  const wanted = (Array.isArray(pattern) ? pattern : []).map(asObject);
  if (wanted.length === 0 || wanted.includes(undefined))
    throw new CannotCarryOver('an existence anchor without a list of maps');
  const found = wanted.map((item) => {
    const name = scope.names.next('e');
    return `${listOf(place)}.exists(${name}, ${fitsOf(part(item, plain(name), scope))})`;
  });
  const present = presenceOf(place);
  return present === undefined ? allOf(found) : anyOf([not(present), allOf(found)]);
}

/** Only the first element of a pattern's list counts. An element that is skipped does not count. */
function list(pattern: readonly unknown[], place: Place, scope: OverlayScope): Judged {
  const [first] = pattern;
  if (first === undefined) return { accepts: 'false', skips: undefined };
  if (Array.isArray(first)) throw new CannotCarryOver('a list of lists');
  const name = scope.names.next('e');
  const { accepts, skips, skipsSoftly } = part(first, plain(name), scope);
  const passedOver = [skips, skipsSoftly].filter((text) => text !== undefined);
  return {
    accepts: allOf([presenceOf(place), accepts === 'true' ? undefined : `${listOf(place)}.all(${name}, ${accepts})`]),
    skips: undefined,
    skipsSoftly:
      passedOver.length === 0
        ? undefined
        : `size(${listOf(place)}) > 0 && ${listOf(place)}.all(${name}, ${anyOf(passedOver)})`,
  };
}

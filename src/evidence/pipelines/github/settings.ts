// SPDX-License-Identifier: Apache-2.0
// The settings that single checks have, in the words of zizmor's configuration. A reader gives the value, or one sentence saying what is wrong.
import { asObject, asStrings, entriesOf } from '../../../formats/document.ts';
import type { UsesPattern } from './uses-pattern.ts';
import { parseUsesPattern, patternWeight } from './uses-pattern.ts';

export type Settings = Readonly<Record<string, unknown>>;

export type Setting<T> =
  | { readonly kind: 'value'; readonly value: T }
  | { readonly kind: 'fault'; readonly message: string };

/** Readers by the id of the check; settings of checks that are not named here are refused. */
export const settingReaders: Readonly<Record<string, (settings: Settings) => Setting<unknown>>> = {
  'dependabot-cooldown': readCooldownDays,
  'forbidden-uses': readForbiddenUses,
  'known-vulnerable-actions': readAllowedAdvisories,
  'secrets-outside-env': readAllowedSecrets,
  'unpinned-uses': readPinPolicies,
};

/** The value of a setting that was read before, else what stands without one. */
export function settingOr<T>(setting: Setting<T>, otherwise: T): T {
  return setting.kind === 'value' ? setting.value : otherwise;
}

/** `days: 7` */
export function readCooldownDays(settings: Settings): Setting<number> {
  const unknown = unknownMember(settings, ['days']);
  if (unknown !== undefined) return unknown;
  const days = settings['days'] ?? 7;
  if (typeof days !== 'number' || !Number.isSafeInteger(days) || days < 1)
    return fault(`days must be a whole number above zero, not ${JSON.stringify(days)}`);
  return value(days);
}

/** `allow:` or `deny:` with patterns, not both. */
export interface ForbiddenUses {
  readonly mode: 'allow' | 'deny';
  readonly patterns: readonly UsesPattern[];
}

export function readForbiddenUses(settings: Settings): Setting<ForbiddenUses | undefined> {
  const unknown = unknownMember(settings, ['allow', 'deny']);
  if (unknown !== undefined) return unknown;
  const names = Object.keys(settings);
  if (names.length === 0) return value(undefined);
  if (names.length > 1) return fault('either allow or deny, not both');
  const mode = names[0] === 'allow' ? 'allow' : 'deny';
  const texts = stringsOf(settings[mode]);
  if (texts === undefined) return fault(`${mode} must be a list of patterns`);
  const patterns: UsesPattern[] = [];
  for (const text of texts) {
    const pattern = parseUsesPattern(text);
    if (pattern === undefined) return fault(`invalid pattern: ${text}`);
    patterns.push(pattern);
  }
  return value({ mode, patterns });
}

export function readAllowedAdvisories(settings: Settings): Setting<readonly string[]> {
  return readAllowList(settings);
}

export function readAllowedSecrets(settings: Settings): Setting<readonly string[]> {
  return readAllowList(settings);
}

/** `any`: no pin at all; `ref-pin`: a tag or branch will do; `hash-pin`: only a commit. */
export type PinPolicy = 'any' | 'ref-pin' | 'hash-pin';

export interface PinRule {
  readonly pattern: UsesPattern;
  readonly policy: PinPolicy;
}

/** The most telling pattern first. */
export function readPinPolicies(settings: Settings): Setting<readonly PinRule[]> {
  const unknown = unknownMember(settings, ['policies']);
  if (unknown !== undefined) return unknown;
  const policies = settings['policies'];
  if (policies === undefined || policies === null) return value([]);
  if (asObject(policies) === undefined) return fault('policies must be a map of patterns to policies');
  const rules: PinRule[] = [];
  for (const [text, policy] of entriesOf(policies)) {
    const pattern = parseUsesPattern(text);
    if (pattern === undefined) return fault(`invalid pattern: ${text}`);
    if (pattern.kind === 'reference') return fault(`a pattern with a reference makes no sense here: ${text}`);
    if (policy !== 'any' && policy !== 'ref-pin' && policy !== 'hash-pin')
      return fault(`unknown policy ${JSON.stringify(policy)}; there are any, ref-pin and hash-pin`);
    rules.push({ pattern, policy });
  }
  return value(rules.sort((first, second) => patternWeight(second.pattern) - patternWeight(first.pattern)));
}

function readAllowList(settings: Settings): Setting<readonly string[]> {
  const unknown = unknownMember(settings, ['allow']);
  if (unknown !== undefined) return unknown;
  const list = settings['allow'] === undefined ? [] : stringsOf(settings['allow']);
  return list === undefined ? fault('allow must be a list') : value(list);
}

function unknownMember(settings: Settings, known: readonly string[]): Setting<never> | undefined {
  const name = Object.keys(settings).find((member) => !known.includes(member));
  return name === undefined ? undefined : fault(`unknown member ${JSON.stringify(name)}; there is ${known.join(', ')}`);
}

function stringsOf(list: unknown): readonly string[] | undefined {
  if (!Array.isArray(list)) return undefined;
  const strings = asStrings(list);
  return strings.length === list.length ? strings : undefined;
}

function value<T>(read: T): Setting<T> {
  return { kind: 'value', value: read };
}

function fault(message: string): Setting<never> {
  return { kind: 'fault', message };
}

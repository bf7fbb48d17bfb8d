// SPDX-License-Identifier: Apache-2.0
// Reads gitleaks' rule files (TOML): rules, allowlists in the old and the new form, composite rules, extension of other files. Files of
// betterleaks are a superset: what they have more (validate, filter) is told and left out. Keys are case-insensitive, as gitleaks' reader is.

import { confidences } from '../model/confidence.ts';
import type { Problem } from '../model/problem.ts';
import type { Severity } from '../model/severity.ts';
import { parseSeverity } from '../model/severity.ts';
import { asArray, asObject, asString } from './document.ts';
import { allowlistsOf } from './gitleaks-allowlist.ts';
import { mergeRules } from './gitleaks-extend.ts';
import type { Keys } from './gitleaks-keys.ts';
import { ConfigError, keysOf, listAt, numberAt, textAt } from './gitleaks-keys.ts';
import { translateRe2 } from './re2-to-js.ts';
import type { RequiredRule, SecretAllowlist, SecretRule, SecretRuleSet } from './secret-rules.ts';
import { parseToml } from './toml.ts';

export interface GitleaksConfigOptions {
  /** Text of a file named by `extend.path`; undefined when it does not exist. */
  readonly readExtended?: (path: string) => string | undefined;
  /** What `extend.useDefault` stands for. */
  readonly defaultRules?: () => SecretRuleSet;
}

export interface GitleaksConfig {
  /** Undefined when the file cannot be used; the first problem then says why. */
  readonly ruleSet: SecretRuleSet | undefined;
  readonly problems: readonly Problem[];
}

/** Files that one may stand on: the file, what it extends, and what that extends (matches gitleaks; what is deeper is not read). */
const mostExtensions = 2;

/** Reads one file and what it extends. Never throws. */
export function readGitleaksConfig(text: string, path: string, options: GitleaksConfigOptions = {}): GitleaksConfig {
  const problems: Problem[] = [];
  try {
    const assembled = assemble({ text, path, depth: 0 }, options, problems);
    return { ruleSet: finish(assembled), problems };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const location = { path: error.path ?? path };
    problems.unshift({ kind: 'schema', message: error.message, location, hidesFindings: true });
    return { ruleSet: undefined, problems };
  }
}

interface ConfigFile {
  readonly text: string;
  readonly path: string;
  readonly depth: number;
}

interface Assembled {
  readonly ruleSet: SecretRuleSet;
  /** Allowlists of the outermost file that are meant for certain rules. */
  readonly targeted: readonly { readonly rule: string; readonly allowlist: SecretAllowlist }[];
}

function assemble(file: ConfigFile, options: GitleaksConfigOptions, problems: Problem[]): Assembled {
  const document = parseToml(file.text, file.path);
  problems.push(...document.problems);
  if (document.value === undefined) throw new ConfigError(document.problems[0]?.message ?? 'not a TOML document');
  const keys = keysOf(document.value);
  const own = ownRules(keys);
  for (const name of superset(keys)) problems.push(unusedKey(file.path, name));
  for (const message of misfits(keys))
    problems.push({ kind: 'schema', message, location: { path: file.path }, hidesFindings: false });
  const extended = extensionOf(keys, file, { options, problems });
  const base = { title: textAt(keys, 'title'), description: textAt(keys, 'description') };
  if (extended === undefined) return { ruleSet: { ...base, ...own }, targeted: own.targeted };
  const disabled = new Set(listAt(keysOf(keys.get('extend')), 'disabledrules'));
  for (const id of disabled) {
    if (extended.rules.some((rule) => rule.id === id)) continue;
    const message = `the disabled rule ${JSON.stringify(id)} does not exist in what is extended`;
    problems.push({ kind: 'unresolved', message, location: { path: file.path }, hidesFindings: false });
  }
  return { ruleSet: { ...base, ...mergeRules(own, extended, disabled) }, targeted: own.targeted };
}

function extensionOf(
  keys: Keys,
  file: ConfigFile,
  { options, problems }: { readonly options: GitleaksConfigOptions; readonly problems: Problem[] },
): SecretRuleSet | undefined {
  const extend = keysOf(keys.get('extend'));
  const path = textAt(extend, 'path');
  const usesDefault = extend.get('usedefault') === true;
  if (file.depth >= mostExtensions) {
    if (path === '' && !usesDefault) return undefined;
    const message = `extends more than ${mostExtensions} files deep; what it extends is not read`;
    problems.push({ kind: 'limit', message, location: { path: file.path }, hidesFindings: true });
    return undefined;
  }
  if (path !== '' && usesDefault)
    throw new ConfigError('unable to load config due to extend.path and extend.useDefault being set');
  if (usesDefault) return options.defaultRules?.();
  if (path === '') {
    const url = textAt(extend, 'url');
    const message = `extends ${url}, which is not fetched`;
    if (url !== '') problems.push({ kind: 'unsupported', message, location: { path: file.path }, hidesFindings: true });
    return undefined;
  }
  const text = options.readExtended?.(path);
  if (text === undefined)
    throw new ConfigError(`failed to load extended config, err: open ${path}: no such file or directory`);
  try {
    return assemble({ text, path, depth: file.depth + 1 }, options, problems).ruleSet;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new ConfigError(`failed to load extended config, err: ${error.message}`, path);
  }
}

interface OwnRules extends Assembled, Pick<SecretRuleSet, 'rules' | 'allowlists'> {}

function ownRules(keys: Keys): Pick<OwnRules, 'rules' | 'allowlists' | 'targeted'> {
  const rules = new Map<string, SecretRule>();
  for (const item of asArray(keys.get('rules'))) {
    const rule = ruleOf(keysOf(item));
    rules.set(rule.id, rule);
  }
  for (const rule of rules.values())
    for (const { id } of rule.required)
      if (!rules.has(id)) throw new ConfigError(`${rule.id}: [[rules.required]] rule ID '${id}' does not exist`);
  const { global, targeted } = allowlistsOf(keys, '[[allowlists]]', '[allowlist]');
  return { rules: [...rules.values()], allowlists: global, targeted };
}

function ruleOf(keys: Keys): SecretRule {
  const id = textAt(keys, 'id');
  const regex = textAt(keys, 'regex');
  const path = textAt(keys, 'path');
  const { global } = allowlistsOf(keys, `${id}: [[rules.allowlists]]`, `${id}: [rules.allowlist]`);
  const confidence = confidences.find((level) => level === textAt(keys, 'confidence'));
  const severity: Severity | undefined = parseSeverity(textAt(keys, 'severity'));
  for (const expression of [path, regex]) refuseBroken(expression, id);
  return {
    id,
    description: textAt(keys, 'description'),
    ...(regex === '' ? {} : { regex }),
    ...(path === '' ? {} : { path }),
    secretGroup: numberAt(keys, 'secretgroup') ?? 0,
    entropy: numberAt(keys, 'entropy') ?? 0,
    keywords: listAt(keys, 'keywords').map((keyword) => keyword.toLowerCase()),
    tags: listAt(keys, 'tags'),
    skipReport: keys.get('skipreport') === true,
    allowlists: global,
    required: asArray(keys.get('required')).map((item) => requiredOf(keysOf(item), id)),
    ...(confidence === undefined ? {} : { confidence }),
    ...(severity === undefined ? {} : { severity }),
  };
}

function requiredOf(keys: Keys, rule: string): RequiredRule {
  const id = textAt(keys, 'id');
  if (id === '') throw new ConfigError(`${rule}: [[rules.required]] rule ID is empty`);
  const withinLines = numberAt(keys, 'withinlines');
  const withinColumns = numberAt(keys, 'withincolumns');
  return {
    id,
    ...(withinLines === undefined ? {} : { withinLines }),
    ...(withinColumns === undefined ? {} : { withinColumns }),
  };
}

function refuseBroken(expression: string, id: string): void {
  if (expression === '') return;
  const translation = translateRe2(expression);
  if (translation.kind === 'refused')
    throw new ConfigError(`${id}: the expression cannot be used: ${translation.reason}`);
}

/** What can only be said when all extensions are there. */
function finish({ ruleSet, targeted }: Assembled): SecretRuleSet {
  const rules = new Map(ruleSet.rules.map((rule) => [rule.id, rule]));
  for (const rule of rules.values()) validate(rule);
  for (const { rule: id, allowlist } of targeted) {
    const rule = rules.get(id);
    if (rule === undefined) throw new ConfigError(`[[allowlists]] target rule ID '${id}' does not exist`);
    rules.set(id, { ...rule, allowlists: [...rule.allowlists, allowlist] });
  }
  return { ...ruleSet, rules: [...rules.values()] };
}

function validate(rule: SecretRule): void {
  if (rule.id.trim() === '') {
    const parts = [
      rule.description === '' ? '' : `, description: ${rule.description}`,
      rule.regex === undefined ? '' : `, regex: ${rule.regex}`,
      rule.path === undefined ? '' : `, path: ${rule.path}`,
    ];
    throw new ConfigError(`rule |id| is missing or empty${parts.join('')}`);
  }
  if (rule.regex === undefined && rule.path === undefined)
    throw new ConfigError(`${rule.id}: both |regex| and |path| are empty, this rule will have no effect`);
  if (rule.regex === undefined) return;
  const translation = translateRe2(rule.regex);
  const groups = translation.kind === 'pattern' ? translation.pattern.captures : 0;
  if (rule.secretGroup > groups)
    throw new ConfigError(
      `${rule.id}: invalid regex secret group ${rule.secretGroup}, max regex secret group ${groups}`,
    );
}

const fileKeys = 'title description minversion betterleaksminversion extend rules allowlist allowlists'.split(' ');
/** `matches` and `misses`: examples that our own rules carry. */
const ruleKeys =
  'id description regex path secretgroup entropy keywords tags skipreport allowlist allowlists required confidence severity matches misses'.split(
    ' ',
  );

/** What gitleaks passes over in silence, and few mean: keys that there are not (`[[rule]]`), and a rule that another of the same id replaces. */
function misfits(keys: Keys): readonly string[] {
  const rules = asArray(keys.get('rules')).map((item) => keysOf(item));
  const unknown = [
    ...[...keys.keys()].filter((key) => !fileKeys.includes(key) && !supersetKeys.includes(key)),
    ...rules.flatMap((rule) =>
      [...rule.keys()].filter((key) => !ruleKeys.includes(key) && !supersetKeys.includes(key)),
    ),
  ];
  const ids = rules.map((rule) => textAt(rule, 'id'));
  const replaced = ids.filter((id, index) => ids.indexOf(id, index + 1) !== -1);
  return [
    ...[...new Set(unknown)].map((key) => `unknown key ${JSON.stringify(key.slice(0, 60))}`),
    ...[...new Set(replaced)].map((id) => `there are several rules ${JSON.stringify(id)}; only the last one counts`),
  ];
}

/** Keys of betterleaks that change what is found. */
const supersetKeys = ['filter', 'validate', 'prefilter', 'tokenefficiency'];

function superset(keys: Keys): readonly string[] {
  const used = new Set<string>();
  for (const item of asArray(keys.get('rules')))
    for (const name of keysOf(item).keys()) if (supersetKeys.includes(name)) used.add(name);
  return [...used].sort();
}

function unusedKey(path: string, name: string): Problem {
  const message = `"${name}" of rules is not evaluated; their findings are reported without it`;
  return { kind: 'unsupported', message, location: { path }, hidesFindings: false };
}

/** Whether a TOML document is a file of secret rules. */
export function isSecretRules(value: unknown): boolean {
  const keys = keysOf(value);
  const [first] = asArray(keys.get('rules'));
  return asObject(first) !== undefined && asString(keysOf(first).get('id')) !== undefined;
}

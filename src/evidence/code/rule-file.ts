// SPDX-License-Identifier: Apache-2.0
// Reads rule files in ast-grep's YAML format (several documents in one file, utilities of their own). A rule that cannot be understood is a problem
// that hides findings: it would be missing in silence otherwise.
import type { Document, JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asString, asStrings } from '../../formats/document.ts';
import { parseCodeLanguage } from '../../formats/syntax-tree.ts';
import { parseYaml } from '../../formats/yaml.ts';
import type { Confidence } from '../../model/confidence.ts';
import { confidences } from '../../model/confidence.ts';
import type { Problem } from '../../model/problem.ts';
import type { Severity } from '../../model/severity.ts';
import { parseSeverity } from '../../model/severity.ts';
import type { CodeRule } from './code-rule.ts';

export interface CodeRuleFile {
  readonly rules: readonly CodeRule[];
  readonly problems: readonly Problem[];
}

/** Reads the rules of a file. `global` holds the utilities of the project (utils/), by id. */
export function parseCodeRules(text: string, path: string, global: JsonObject = {}): CodeRuleFile {
  const rules: CodeRule[] = [];
  const problems: Problem[] = [];
  for (const document of parseYaml(text, path)) {
    problems.push(...document.problems);
    if (document.value === undefined || document.value === null) continue;
    const read = readRule(document, global);
    if ('problem' in read) problems.push(read.problem);
    else {
      const others = forOtherLanguages(document, read.rule);
      rules.push(read.rule, ...others.rules);
      problems.push(...others.problems);
    }
  }
  return { rules, problems };
}

/** Reads the utilities in a file (`id`, `language`, `rule`) for `parseCodeRules`. */
export function parseCodeUtilities(text: string, path: string): JsonObject {
  const utilities = parseYaml(text, path).flatMap(({ value }): [string, unknown][] => {
    const object = asObject(value);
    const id = asString(object?.['id']);
    return id === undefined || object?.['rule'] === undefined ? [] : [[id, object['rule']]];
  });
  return Object.fromEntries(utilities);
}

type ReadRule = { readonly rule: CodeRule } | { readonly problem: Problem };

function readRule(document: Document, global: JsonObject): ReadRule {
  const object = asObject(document.value);
  const refuse = (message: string, member: string): ReadRule => ({
    problem: { kind: 'schema', message, location: document.locate([member]), hidesFindings: true },
  });
  if (object === undefined) return refuse('a rule is a mapping', 'id');
  const id = asString(object['id']);
  if (id === undefined) return refuse('a rule needs an id', 'id');
  const language = parseCodeLanguage(asString(object['language']) ?? '');
  if (language === undefined) return refuse(`rule ${id}: the language is missing or not known`, 'language');
  const rule = asObject(object['rule']);
  if (rule === undefined) return refuse(`rule ${id}: there is no rule`, 'rule');
  const note = asString(object['note']) ?? '';
  const fix = asString(object['fix']);
  const metadata = asObject(object['metadata']) ?? {};
  return {
    rule: {
      id,
      language,
      severity: severityOf(object, metadata),
      confidence: confidenceOf(metadata),
      message: (asString(object['message']) ?? id).trim(),
      note: note.trim(),
      cwes: cwesOf(note, metadata),
      matcher: namedSafely({ ...object, utils: { ...global, ...asObject(object['utils']) }, rule }),
      ...(fix === undefined ? {} : { fix }),
      files: asStrings(object['files']),
      ignores: asStrings(object['ignores']),
      location: document.locate(['id']),
    },
  };
}

/** `metadata.alsoFor`, an addition of ours: the same rule for languages whose trees have the same names. */
function forOtherLanguages(document: Document, rule: CodeRule): CodeRuleFile {
  const metadata = asObject(asObject(document.value)?.['metadata']);
  const rules: CodeRule[] = [];
  const problems: Problem[] = [];
  for (const word of asStrings(metadata?.['alsoFor'])) {
    const language = parseCodeLanguage(word);
    if (language !== undefined) rules.push({ ...rule, language });
    else {
      const location = document.locate(['metadata', 'alsoFor']);
      const message = `rule ${rule.id}: the language ${word} is not known`;
      problems.push({ kind: 'schema', message, location, hidesFindings: true });
    }
  }
  return { rules, problems };
}

/** ast-grep's words are those of an editor; a rule may state its severity in ours as well (`metadata.severity`). */
function severityOf(object: JsonObject, metadata: JsonObject): Severity {
  const stated = asString(metadata['severity']);
  if (stated !== undefined) return parseSeverity(stated) ?? 'unknown';
  switch (asString(object['severity'])) {
    case 'error':
      return 'high';
    case 'warning':
      return 'medium';
    default:
      return 'low';
  }
}

function confidenceOf(metadata: JsonObject): Confidence {
  const stated = asString(metadata['confidence'])?.toLowerCase();
  return confidences.find((word) => word === stated) ?? 'medium';
}

function cwesOf(note: string, metadata: JsonObject): readonly string[] {
  const stated = asStrings(metadata['cwe']).join(' ');
  return [...new Set(`${note} ${stated}`.match(/CWE-\d{1,5}/g) ?? [])].sort();
}

/** Ids that current ast-grep refuses in `utils` (`$`, `(`, `.`, blanks) are renamed together with what refers to them. */
function namedSafely(object: JsonObject & { readonly rule: JsonObject }): CodeRule['matcher'] {
  const utilities = asObject(object['utils']) ?? {};
  const names = new Map(Object.keys(utilities).map((name, index) => [name, `u${index}_${name.replace(/\W/g, '_')}`]));
  const constraints = asObject(object['constraints']);
  const transform = asObject(object['transform']);
  const utils = Object.entries(utilities).map(([name, rule]) => [names.get(name) ?? name, renamed(rule, names)]);
  return {
    rule: renamed(object.rule, names) as JsonObject,
    ...(utils.length === 0 ? {} : { utils: Object.fromEntries(utils) as JsonObject }),
    ...(constraints === undefined ? {} : { constraints: renamed(constraints, names) as JsonObject }),
    ...(transform === undefined ? {} : { transform }),
  };
}

function renamed(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return asArray(value).map((item) => renamed(item, names));
  const object = asObject(value);
  if (object === undefined) return value;
  return Object.fromEntries(
    Object.entries(object).map(([key, member]) =>
      key === 'matches' && typeof member === 'string'
        ? [key, names.get(member) ?? member]
        : [key, renamed(member, names)],
    ),
  );
}

// SPDX-License-Identifier: Apache-2.0
// Reads results out of SARIF 2.1.0 files of other analysers as findings in code.
// https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html
import type { CodeFinding } from '../model/code-finding.ts';
import type { Confidence } from '../model/confidence.ts';
import { defaultLimits } from '../model/limits.ts';
import type { Location } from '../model/location.ts';
import type { Problem } from '../model/problem.ts';
import type { Severity } from '../model/severity.ts';
import { severityOfScore } from '../model/severity.ts';
import { sha256 } from '../model/sha256.ts';
import type { DocumentPath, JsonObject } from './document.ts';
import { asArray, asObject, asString, asStrings } from './document.ts';
import { parseJson } from './json.ts';

export interface SarifReading {
  readonly findings: readonly CodeFinding[];
  /** Results that the analyser itself marks as suppressed or as no finding (`kind` pass, notApplicable ...). */
  readonly passedOver: number;
  readonly problems: readonly Problem[];
}

/** Results of all runs. Never throws; a result without a rule or message is a problem that hides a finding. */
export function readSarif(text: string, path: string): SarifReading {
  const document = parseJson(text, path);
  const runs = asObject(document.value)?.['runs'];
  const findings: CodeFinding[] = [];
  const problems: Problem[] = [...document.problems];
  let passedOver = 0;
  const problem = (message: string, at: DocumentPath): void => {
    problems.push({ kind: 'schema', message, location: document.locate(at), hidesFindings: true });
  };
  if (document.value !== undefined && !Array.isArray(runs)) problem('not a SARIF file: there are no runs', []);
  for (const [runIndex, item] of asArray(runs).entries()) {
    const run = asObject(item) ?? {};
    const tool = readTool(run);
    for (const [index, entry] of asArray(run['results']).entries()) {
      if (findings.length >= defaultLimits.sarifResults) {
        problem(`more than ${defaultLimits.sarifResults} results; the rest was not read`, [
          'runs',
          runIndex,
          'results',
          index,
        ]);
        break;
      }
      const result = asObject(entry) ?? {};
      if (!isFinding(result)) {
        passedOver += 1;
        continue;
      }
      const finding = readResult(result, tool, bases(run));
      if (finding === undefined)
        problem('a result without a rule or without a message', ['runs', runIndex, 'results', index]);
      else findings.push(finding);
    }
    for (const message of gapsOf(run)) problem(`${tool.name} ${message}`, ['runs', runIndex]);
  }
  return { findings, passedOver, problems };
}

/**
 * Where an analyser has looked at less than it seems: its run failed, or one of its notifications is an error (3.20.14, 3.20.21), there are no results at
 * all, not even an empty list, which means that nothing was looked for (3.14.23), or they stand in another file (3.14.2).
 */
function gapsOf(run: JsonObject): readonly string[] {
  const gaps: string[] = [];
  const isElsewhere = asObject(run['externalPropertyFileReferences'])?.['results'] !== undefined;
  if (isElsewhere) gaps.push('keeps results in other files, which are not read');
  else if (!Array.isArray(run['results'])) gaps.push('has no results: it did not look for any');
  for (const invocation of asArray(run['invocations']).map(asObject)) {
    if (invocation?.['executionSuccessful'] === false) gaps.push('says that its run failed');
    for (const notification of asArray(invocation?.['toolExecutionNotifications']).map(asObject)) {
      if (asString(notification?.['level']) !== 'error') continue;
      const text = asString(asObject(notification?.['message'])?.['text']) ?? 'no reason given';
      gaps.push(`met an error: ${text.slice(0, 200)}`);
    }
  }
  return gaps;
}

interface Tool {
  readonly name: string;
  readonly rules: readonly JsonObject[];
  readonly byId: ReadonlyMap<string, JsonObject>;
}

function readTool(run: JsonObject): Tool {
  const tool = asObject(run['tool']);
  const driver = asObject(tool?.['driver']);
  const components = [driver, ...asArray(tool?.['extensions']).map(asObject)];
  const rules = asArray(driver?.['rules']).map((rule) => asObject(rule) ?? {});
  const all = components.flatMap((component) => asArray(component?.['rules']).map((rule) => asObject(rule) ?? {}));
  return {
    name: asString(driver?.['name']) ?? 'unknown analyser',
    rules,
    byId: new Map(all.map((rule) => [asString(rule['id']) ?? '', rule])),
  };
}

/** `kind` other than fail is no finding (3.27.9); suppressions take it out unless one of them is rejected or still under review (3.27.23, 3.35.3). */
function isFinding(result: JsonObject): boolean {
  const kind = asString(result['kind']) ?? 'fail';
  if (kind !== 'fail' && kind !== 'open' && kind !== 'review') return false;
  if (asString(result['level']) === 'none' && kind === 'fail') return false;
  if (asString(result['baselineState']) === 'absent') return false;
  const suppressions = asArray(result['suppressions']).map(asObject);
  const isAccepted = (entry: JsonObject | undefined): boolean =>
    entry !== undefined && (asString(entry['status']) ?? 'accepted') === 'accepted';
  return suppressions.length === 0 || !suppressions.every(isAccepted);
}

function readResult(result: JsonObject, tool: Tool, roots: ReadonlyMap<string, string>): CodeFinding | undefined {
  const reference = asObject(result['rule']);
  const index = result['ruleIndex'] ?? reference?.['index'];
  const id = asString(result['ruleId']) ?? asString(reference?.['id']) ?? asString(tool.rules[Number(index)]?.['id']);
  if (id === undefined) return undefined;
  // A rule id may be narrowed by `/` (3.27.5): the longest known one counts.
  const rule = tool.byId.get(id) ?? tool.byId.get(id.split('/')[0] ?? '') ?? tool.rules[Number(index)] ?? {};
  const message = messageOf(result, rule);
  if (message === undefined) return undefined;
  const location = readLocation(asObject(asArray(result['locations'])[0]), roots);
  const title =
    asString(asObject(rule['shortDescription'])?.['text']) ?? asString(rule['name']) ?? message.split('\n')[0] ?? id;
  return {
    kind: 'code',
    id,
    title: title.slice(0, 200),
    message: message.slice(0, 2000),
    severity: severityOf(result, rule),
    confidence: confidenceOf(rule),
    location,
    cwes: cwesOf(result, rule),
    reportedBy: [tool.name],
    fingerprint: fingerprintOf(result, id, location),
  };
}

function messageOf(result: JsonObject, rule: JsonObject): string | undefined {
  const message = asObject(result['message']);
  const strings = asObject(rule['messageStrings']);
  const named = asObject(strings?.[asString(message?.['id']) ?? '']);
  const text = asString(message?.['text']) ?? asString(message?.['markdown']) ?? asString(named?.['text']);
  const values = asStrings(message?.['arguments']);
  return text?.replace(/\{(\d{1,3})\}/g, (whole, number: string) => values[Number(number)] ?? whole);
}

/** `security-severity` is what GitHub reads (0 to 10); else the level of the result, of its rule, or warning (3.27.10). */
function severityOf(result: JsonObject, rule: JsonObject): Severity {
  const properties = [asObject(result['properties']), asObject(rule['properties'])];
  const score = properties
    .map((item) => item?.['security-severity'])
    // What is no number would count as 0: null and the empty text.
    .map((value) => (typeof value === 'number' || /\d/.test(asString(value) ?? '') ? Number(value) : Number.NaN))
    .find((value) => value >= 0 && value <= 10);
  if (score !== undefined) return severityOfScore(score);
  const level = asString(result['level']) ?? asString(asObject(rule['defaultConfiguration'])?.['level']) ?? 'warning';
  if (level === 'error') return 'high';
  return level === 'note' || level === 'none' ? 'low' : 'medium';
}

function confidenceOf(rule: JsonObject): Confidence {
  switch (asString(asObject(rule['properties'])?.['precision'])) {
    case 'very-high':
    case 'high':
      return 'high';
    case 'low':
      return 'low';
    default:
      return 'medium';
  }
}

/** CWEs stand in tags, in relationships to a taxonomy, or in the text of the rule, each analyser in its own way. */
function cwesOf(result: JsonObject, rule: JsonObject): readonly string[] {
  const tags = [rule, result].flatMap((item) => {
    const properties = asObject(item['properties']);
    return [...asStrings(properties?.['tags']), ...asStrings(properties?.['cwe'])];
  });
  const related = asArray(rule['relationships']).flatMap((item) => {
    const target = asObject(asObject(item)?.['target']);
    const isCwe = /^cwe$/i.test(asString(asObject(target?.['toolComponent'])?.['name']) ?? '');
    return isCwe ? [`CWE-${asString(target?.['id']) ?? ''}`.replace('CWE-CWE-', 'CWE-')] : [];
  });
  const found = [...tags, ...related].flatMap((word) => /\bcwe[-/:]{1,2}0{0,4}(\d{1,5})\b/i.exec(word)?.[1] ?? []);
  return [...new Set(found.map((number) => `CWE-${number}`))].sort();
}

function bases(run: JsonObject): ReadonlyMap<string, string> {
  const entries = Object.entries(asObject(run['originalUriBaseIds']) ?? {});
  return new Map(entries.map(([name, value]) => [name, asString(asObject(value)?.['uri']) ?? '']));
}

/** Paths relative to the root. Absolute ones keep what follows the base that the file names; `..` never leaves the root. */
function readLocation(location: JsonObject | undefined, roots: ReadonlyMap<string, string>): Location {
  const physical = asObject(location?.['physicalLocation']);
  const artifact = asObject(physical?.['artifactLocation']);
  const region = asObject(physical?.['region']);
  const uri = asString(artifact?.['uri']) ?? '';
  const root = [...roots.values()].find((base) => base !== '' && uri.startsWith(base));
  const path = decoded(root === undefined ? uri.replace(/^file:\/\/\/?/, '') : uri.slice(root.length));
  const line = numberOf(region?.['startLine']);
  const endLine = numberOf(region?.['endLine']);
  const column = numberOf(region?.['startColumn']);
  return {
    path:
      path
        .split('/')
        .filter((part) => part !== '' && part !== '.' && part !== '..')
        .join('/') || 'unknown',
    ...(line === undefined ? {} : { line }),
    ...(endLine === undefined ? {} : { endLine }),
    ...(column === undefined ? {} : { column }),
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : undefined;
}

/** The analyser's own stable hash where it gives one, for it knows the text. */
function fingerprintOf(result: JsonObject, id: string, location: Location): string {
  const own = { ...asObject(result['partialFingerprints']), ...asObject(result['fingerprints']) };
  const stable = Object.entries(own).map(([name, value]) => `${name}=${String(value)}`);
  const place = stable.length > 0 ? stable.sort().join('\n') : String(location.line ?? '');
  return sha256(`${id}\n${location.path}\n${place}`).slice(0, 32);
}

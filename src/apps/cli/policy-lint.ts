// SPDX-License-Identifier: Apache-2.0
// `landwaiter policy lint`: can these policies be loaded, and do they say what they seem to?
import { layoutTable, printable } from '../../formats/text-table.ts';
import type { Location } from '../../model/location.ts';
import { formatLocation } from '../../model/location.ts';
import type { Problem } from '../../model/problem.ts';
import { plural } from '../../model/quantity.ts';
import { typeWarnings } from '../../policy/admission-policy/type-warnings.ts';
import { noData } from '../../policy/data-provider.ts';
import type { EngineDocument } from '../../policy/engine.ts';
import { plannedDeletions } from '../../policy/kyverno/deletions.ts';
import { failOpenRemarks } from '../../policy/kyverno/fail-open.ts';
import type { PolicySet } from '../../policy/policy-set.ts';
import type { FlagValues } from './arguments.ts';
import type { CommandContext } from './command.ts';
import { plainOutput } from './outputs.ts';
import { readPolicyInputs } from './policy-inputs.ts';

/** `remark`: worth knowing, and the run is content with it. */
type Level = 'not loaded' | 'error' | 'remark';

interface LintFinding {
  readonly level: Level;
  /** Of places where a policy lets more through than it seems to say: docs/kyverno.md lists them. */
  readonly code?: string;
  readonly message: string;
  readonly location: Location;
}

/**
 * Exit 3 when something could not be loaded; 1 for what is most likely a mistake, and with --strict for every place where a policy lets more through than it
 * seems to say; else 0. Without --strict such places are remarks: the policy's dialect is like that.
 */
export async function lint(context: CommandContext, operands: readonly string[], values: FlagValues): Promise<number> {
  const output = plainOutput(values, context, 'policy lint');
  const { set, problems } = await readPolicyInputs(context, operands, values);
  const openLevel = values.isSet('strict') ? 'error' : 'remark';
  const findings: readonly LintFinding[] = [
    ...problems.map(findingOf),
    ...deletionFaults(set, context),
    ...documentsOf(set, 'admission-policy').flatMap(typeMistakes),
    ...documentsOf(set, 'kyverno').flatMap((document) => openPlaces(document, openLevel)),
  ];
  const policies = set.engines.flatMap(({ engine, documents, policies: compiled }) =>
    // What an engine brings along without a document is nobody's to lint.
    documents.length === 0
      ? []
      : compiled.map(({ name, kind, location, mutates }) => ({ engine: engine.id, kind, name, mutates, location })),
  );
  const count = (level: Level): number => findings.filter((finding) => finding.level === level).length;
  if (output.form === 'json') output.write(`${JSON.stringify({ policies, problems: findings }, undefined, 2)}\n`);
  else {
    const rows = policies.map(({ engine, kind, name, location }) => [name, kind, engine, formatLocation(location)]);
    const table = layoutTable(
      [{ title: 'POLICY' }, { title: 'KIND' }, { title: 'ENGINE' }, { title: 'WHERE', shrink: 'middle' }],
      rows,
      undefined,
    );
    const last = [
      `${plural(policies.length, 'policy', 'policies')} loaded`,
      ...(count('not loaded') === 0 ? [] : [`${count('not loaded')} not loaded`]),
      ...(count('error') === 0 ? [] : [plural(count('error'), 'error')]),
      plural(count('remark'), 'remark'),
    ].join(', ');
    output.write(`${[...(rows.length === 0 ? [] : [...table, '']), ...findings.map(lineOf), last].join('\n')}\n`);
  }
  if (count('not loaded') > 0) return 3;
  return count('error') > 0 ? 1 : 0;
}

function lineOf({ level, code, message, location }: LintFinding): string {
  const reference = code === undefined ? '' : ` [${code}]`;
  return `${formatLocation(location)}: ${level}: ${printable(message)}${reference}`;
}

function documentsOf({ engines }: PolicySet, id: string): readonly EngineDocument[] {
  return engines.flatMap(({ engine, documents }) => (engine.id === id ? documents : []));
}

/** What is loaded and only not done here is no mistake of the policy. */
function findingOf({ kind, message, location, hidesFindings }: Problem): LintFinding {
  return { level: hidesFindings ? 'not loaded' : kind === 'unsupported' ? 'remark' : 'error', message, location };
}

/** Expressions that cannot be of the kinds they are for. Those that ask for the kind themselves know what they do, as far as the checker can tell. */
function typeMistakes(document: EngineDocument): readonly LintFinding[] {
  return typeWarnings(document).map(({ fieldRef, warning, expression, location }) => ({
    level: /\b(?:object|request)\.kind\b/.test(expression) ? 'remark' : 'error',
    message: `${fieldRef}: ${shortWarning(warning)}`,
    location,
  }));
}

/** `undefined field 'jobTemplate' (of Pod, Job)`: of the API server's words what is wrong, once for all kinds. */
function shortWarning(warning: string): string {
  const lines = [...warning.matchAll(/Kind=(\w{1,63}): ERROR: <input>:\d+:\d+: (.{1,300})/g)];
  if (lines.length === 0) return warning.trim();
  const kinds = Map.groupBy(lines, ([, , message = '']) => message);
  return [...kinds].map(([message, own]) => `${message} (of ${own.map(([, kind]) => kind).join(', ')})`).join('; ');
}

function openPlaces(document: EngineDocument, level: Level): readonly LintFinding[] {
  return failOpenRemarks(document.object).map(({ code, message, path }) => ({
    level,
    code,
    message,
    location: document.locateValue(path),
  }));
}

/** Policies that delete are compiled by nobody before their time comes; here they are. */
function deletionFaults(set: PolicySet, { clock }: CommandContext): readonly LintFinding[] {
  return documentsOf(set, 'kyverno').flatMap((document) => {
    const question = { policies: [document], objects: [], now: clock.now(), data: noData, namespaceLabels: () => ({}) };
    return plannedDeletions(question).errors.map((message) => ({
      level: 'not loaded' as const,
      message,
      location: document.locate(['metadata', 'name']),
    }));
  });
}

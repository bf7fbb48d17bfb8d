// SPDX-License-Identifier: Apache-2.0
// Where and in which form the secrets of a run are told.
import { resolve } from 'node:path';
import type { RepositoryHost } from '../../formats/commit-link.ts';
import type { GitleaksForm } from '../../formats/gitleaks-report-forms.ts';
import { gitleaksForms } from '../../formats/gitleaks-report-forms.ts';
import type { SecretRule } from '../../formats/secret-rules.ts';
import { LandwaiterError } from '../../model/error.ts';
import { programName, version } from '../../model/version.ts';
import type { SecretReportView } from '../../report/secrets/secret-report.ts';
import { secretTable } from '../../report/secrets/secret-table.ts';
import type { JudgedSecret } from '../secrets/suppress.ts';
import type { FlagValues } from './arguments.ts';
import type { CommandContext } from './command.ts';
import { writeWhole } from './outputs.ts';

const ownForms = ['table', 'json', 'sarif', 'gitlab', 'junit'] as const;
type OwnForm = (typeof ownForms)[number];

interface Place {
  readonly form: OwnForm | `gitleaks-${GitleaksForm}`;
  /** undefined: standard output. */
  readonly file: string | undefined;
}

/** `csv` is gitleaks' form: there is no other. Throws USAGE. */
export function secretPlaces(values: FlagValues): readonly Place[] {
  const form = formNamed(values.text('format') ?? 'table');
  const places = values.list('output').map((item): Place => {
    const equals = item.indexOf('=');
    const named = equals > 0 ? knownForm(item.slice(0, equals)) : undefined;
    if (named !== undefined) return { form: named, file: item.slice(equals + 1) };
    const whole = knownForm(item);
    return whole === undefined ? { form, file: item } : { form: whole, file: undefined };
  });
  if (places.filter(({ file }) => file === undefined).length > 1)
    throw new LandwaiterError({ code: 'USAGE', message: 'two reports cannot both go to standard output' });
  return places.length === 0 ? [{ form, file: undefined }] : places;
}

function knownForm(word: string): Place['form'] | undefined {
  const own = ownForms.find((form) => form === word);
  if (own !== undefined) return own;
  const gitleaks = gitleaksForms.find((form) => `gitleaks-${form}` === word || (form === 'csv' && word === 'csv'));
  return gitleaks === undefined ? undefined : `gitleaks-${gitleaks}`;
}

function formNamed(word: string): Place['form'] {
  const form = knownForm(word);
  if (form !== undefined) return form;
  const known = [...ownForms, ...gitleaksForms.map((item) => `gitleaks-${item}`)].join(', ');
  throw new LandwaiterError({ code: 'USAGE', message: `secrets has no format "${word}"`, hint: `it takes ${known}` });
}

export interface SecretOutput {
  readonly view: SecretReportView;
  readonly secrets: readonly JudgedSecret[];
  readonly rules: readonly SecretRule[];
  readonly remote: { readonly host: RepositoryHost; readonly url: string } | undefined;
  /** Of nothing but what is staged there is no commit yet. */
  readonly isStaged: boolean;
}

export async function writeSecrets(context: CommandContext, values: FlagValues, output: SecretOutput): Promise<void> {
  for (const { form, file } of secretPlaces(values)) {
    const text = await textOf(form, { context, values, output, isScreen: file === undefined });
    if (file === undefined) context.stdout.write(text);
    else writeWhole(resolve(context.cwd, file), file, text);
  }
}

interface Writing {
  readonly context: CommandContext;
  readonly values: FlagValues;
  readonly output: SecretOutput;
  readonly isScreen: boolean;
}

async function textOf(form: Place['form'], { context, values, output, isScreen }: Writing): Promise<string> {
  if (form === 'table')
    return secretTable(output.view, {
      color: isScreen && context.color,
      showsSuppressed: values.isSet('show-suppressed'),
    });
  const { secretGitlab, secretJson, secretJunit, secretSarif } = await import(
    '../../report/secrets/secret-documents.ts'
  );
  switch (form) {
    case 'json':
      return secretJson(output.view);
    case 'sarif':
      return secretSarif(output.view);
    case 'gitlab':
      return secretGitlab(output.view);
    case 'junit':
      return secretJunit(output.view);
    default:
      return gitleaksText(form, values, output);
  }
}

/** Go's zero time, which gitleaks tells where there is no commit yet. */
const zeroTime = '0001-01-01T00:00:00Z';

async function gitleaksText(
  form: `gitleaks-${GitleaksForm}`,
  values: FlagValues,
  output: SecretOutput,
): Promise<string> {
  const { toGitleaksFinding } = await import('../../evidence/secrets/gitleaks-finding.ts');
  const { redactFinding } = await import('../../formats/gitleaks-report.ts');
  const { printGitleaks } = await import('../../formats/gitleaks-report-print.ts');
  const percent = values.number('redact') ?? 100;
  const noCommit = { id: '', author: '', email: '', date: zeroTime, message: '' };
  const findings = output.secrets
    .filter(({ suppressed }) => suppressed === undefined)
    .map(({ raw, commit }) => {
      const facts = commit ?? (output.isStaged ? noCommit : undefined);
      return redactFinding(toGitleaksFinding(raw, { commit: facts, remote: output.remote }), percent);
    });
  const kind = gitleaksForms.find((item) => form.endsWith(item)) ?? 'json';
  return printGitleaks(kind, findings, {
    tool: { name: programName, version, url: 'https://landwaiter.dev' },
    rules: output.rules.map(({ id, description }) => ({ id, description })),
  });
}

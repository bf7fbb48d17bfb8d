// SPDX-License-Identifier: Apache-2.0
// `landwaiter admission replay`: what would these policies have refused among the decisions that were kept, before they are switched on?
import { resolve } from 'node:path';
import { layoutTable } from '../../formats/text-table.ts';
import { storedFolder } from '../../io/stored-files.ts';
import { LandwaiterError } from '../../model/error.ts';
import { plural } from '../../model/quantity.ts';
import { describeObject } from '../../policy/policy-set.ts';
import { readDecisions } from '../server/admission/decision-log.ts';
import { reviewRequest } from '../server/admission/review.ts';
import { engineDataOf, loadPolicies, reviewSettings } from './admission-policies.ts';
import type { FlagValues } from './arguments.ts';
import type { CommandContext } from './command.ts';
import { plainOutput } from './outputs.ts';

const fileBytes = 64 * 1024 * 1024;

/** Exit 0 when nothing would be refused that was admitted, 1 otherwise. */
export async function replay(
  context: CommandContext,
  _operands: readonly string[],
  values: FlagValues,
): Promise<number> {
  const output = plainOutput(values, context, 'admission replay');
  const named = values.text('decision-log');
  if (named === undefined)
    throw new LandwaiterError({
      code: 'USAGE',
      message: 'replay needs the decisions that were kept',
      hint: '--decision-log FOLDER',
    });
  const { set, others } = await loadPolicies(context, values);
  const settings = reviewSettings(values);
  const data = engineDataOf(others);
  const decisions = readDecisions(storedFolder(resolve(context.cwd, named)), fileBytes);
  const judged = decisions.map(({ id, time, request, outcome }) => {
    const { answer, decisions: rules } = reviewRequest(request, { set, data, settings, phase: 'validate', id });
    const policies = [...new Set(rules.filter((rule) => rule.outcome === 'fail').map(({ policy }) => policy))];
    return {
      id,
      time,
      object: describeObject(request.object ?? request.oldObject),
      was: outcome,
      allowed: answer.allowed,
      policies,
      message: answer.message ?? '',
    };
  });
  const news = judged.filter(({ was, allowed }) => was === 'allowed' && !allowed);
  const freed = judged.filter(({ was, allowed }) => was === 'denied' && allowed);
  if (output.form === 'json')
    output.write(`${JSON.stringify({ decisions: judged.length, refused: news, admitted: freed }, undefined, 2)}\n`);
  else {
    const columns = [
      { title: 'WHEN' },
      { title: 'OBJECT' },
      { title: 'POLICIES' },
      { title: 'WHY', shrink: 'end' as const },
    ];
    const rows = news.map(({ time, object, policies, message }) => [
      time.slice(0, 16),
      object,
      policies.join(', '),
      message,
    ]);
    const summary = `${plural(judged.length, 'decision')}: ${news.length} would now be refused, ${freed.length} would now be admitted`;
    output.write(
      `${[...(rows.length === 0 ? [] : layoutTable(columns, rows, undefined)), ...suggestions(judged), summary].join('\n')}\n`,
    );
  }
  return news.length === 0 ? 0 : 1;
}

/** A policy that would have refused nothing can be enforced; one that would have refused much is looked at first. */
function suggestions(
  judged: readonly { readonly was: string; readonly policies: readonly string[] }[],
): readonly string[] {
  const counts = new Map<string, number>();
  for (const { was, policies } of judged)
    if (was === 'allowed') for (const policy of policies) counts.set(policy, (counts.get(policy) ?? 0) + 1);
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(
      ([policy, count]) =>
        `--mode-for ${policy}=${count * 20 > judged.length ? 'audit' : 'warn'}   it would have refused ${plural(count, 'request')}`,
    );
}

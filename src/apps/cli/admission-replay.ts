// SPDX-License-Identifier: Apache-2.0
// `landwaiter admission replay`: what would these policies have refused among the decisions that were kept, before they are switched on?
import { resolve } from 'node:path';
import { layoutTable } from '../../formats/text-table.ts';
import { storedFolder } from '../../io/stored-files.ts';
import { plural } from '../../model/quantity.ts';
import { describeObject } from '../../policy/policy-set.ts';
import { readDecisions } from '../server/admission/decision-log.ts';
import { isIncomplete, loadPolicies, reviewSettings } from './admission-policies.ts';
import type { Running } from './admission-running.ts';
import { judgeRunning } from './admission-running.ts';
import type { FlagValues } from './arguments.ts';
import type { CommandContext } from './command.ts';
import { plainOutput } from './outputs.ts';
import { openReplayJudge } from './replay-judge.ts';
import type { Replayed } from './replayed.ts';
import { replayedOf } from './replayed.ts';
import { usage } from './usage.ts';

const fileBytes = 64 * 1024 * 1024;

/** Exit 0 when nothing would be refused that was admitted, 1 otherwise; 3 when something could not be read, or a rule could not judge. */
export async function replay(
  context: CommandContext,
  _operands: readonly string[],
  values: FlagValues,
): Promise<number> {
  const output = plainOutput(values, context, 'admission replay');
  const { clock, log, cwd } = context;
  const named = values.text('decision-log');
  if (named === undefined && !values.isSet('running'))
    throw usage('replay needs the decisions that were kept, or a cluster', '--decision-log FOLDER, or --running');
  const since = beginning(values, clock.now());
  const loaded = await loadPolicies(context, values);
  const settings = reviewSettings(values);
  const kept =
    named === undefined
      ? { decisions: [], unread: [], cut: 0 }
      : readDecisions(storedFolder(resolve(cwd, named)), fileBytes);
  for (const name of kept.unread) log.warn(`${name}: more than ${fileBytes} bytes; its decisions were not replayed`);
  if (kept.cut > 0) log.warn(`${plural(kept.cut, 'line')} of the decision log could not be read`);
  const decisions = kept.decisions.filter(({ time }) => !(Date.parse(time) < since));
  const judge = await openReplayJudge(context, values, { loaded, settings });
  const judged: Replayed[] = [];
  let running: Running = { judged: [], gaps: [] };
  try {
    for (const { id, time, request, outcome } of decisions) {
      const object = describeObject(request.object ?? request.oldObject);
      judged.push(replayedOf(await judge.review(request), { id, time, object, was: outcome }));
    }
    if (judge.client !== undefined) running = await judgeRunning(judge.client, loaded.set, judge);
  } finally {
    judge.close();
  }
  judged.push(...running.judged);
  for (const gap of running.gaps) log.warn(`not looked at: ${gap}`);
  // A rule that only a registry or a cluster could answer says nothing about the request.
  const unjudged = judged.filter(({ isJudged }) => !isJudged);
  const news = judged.filter(({ was, allowed, isJudged }) => was === 'allowed' && !allowed && isJudged);
  const freed = judged.filter(({ was, allowed, isJudged }) => was === 'denied' && allowed && isJudged);
  if (output.form === 'json')
    output.write(
      `${JSON.stringify({ decisions: decisions.length, running: running.judged.length, refused: news.map(told), admitted: freed.map(told), unjudged: unjudged.map(told) }, undefined, 2)}\n`,
    );
  else {
    const columns = [
      { title: 'WHEN' },
      { title: 'OBJECT' },
      { title: 'POLICIES' },
      { title: 'WHY', shrink: 'end' as const },
    ];
    const rows = [...news, ...unjudged].map(({ time, object, policies, message }) => [
      time === '' ? 'now' : time.slice(0, 16),
      object,
      policies.join(', '),
      message,
    ]);
    const about = values.isSet('running')
      ? `${plural(decisions.length, 'decision')} and ${plural(running.judged.length, 'object')} that are there`
      : plural(decisions.length, 'decision');
    const summary = `${about}: ${news.length} would now be refused, ${freed.length} would now be admitted${unjudged.length === 0 ? '' : `, ${unjudged.length} could not be judged here`}`;
    output.write(
      `${[...(rows.length === 0 ? [] : layoutTable(columns, rows, undefined)), ...suggestions(judged), summary].join('\n')}\n`,
    );
  }
  if (unjudged.length + kept.unread.length + running.gaps.length > 0 || isIncomplete(loaded)) return 3;
  return news.length === 0 ? 0 : 1;
}

/** Milliseconds since 1970 from which on decisions count. Throws USAGE for a --since that is no time span. */
function beginning(values: FlagValues, now: number): number {
  const text = values.text('since');
  if (text === undefined) return -Infinity;
  const [, count, unit = ''] = /^([1-9]\d{0,4})([mhd])$/.exec(text) ?? [];
  if (count === undefined) throw usage(`--since takes a time span; "${text}" is none`, '--since 7d, 12h or 30m');
  return now - Number(count) * ({ m: 60_000, h: 3_600_000 }[unit] ?? 86_400_000);
}

function told(decision: Replayed): Omit<Replayed, 'isJudged'> {
  const { id, time, object, was, allowed, policies, message } = decision;
  return { id, time, object, was, allowed, policies, message };
}

/** A policy that would have refused nothing can be enforced; one that would have refused much is looked at first. */
function suggestions(judged: readonly Replayed[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { was, policies, isJudged } of judged)
    if (was === 'allowed' && isJudged) for (const policy of policies) counts.set(policy, (counts.get(policy) ?? 0) + 1);
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(
      ([policy, count]) =>
        `--mode-for ${policy}=${count * 20 > judged.length ? 'audit' : 'warn'}   it would have refused ${plural(count, 'request')}`,
    );
}

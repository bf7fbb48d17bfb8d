// SPDX-License-Identifier: Apache-2.0
// `landwaiter policy test`: runs kyverno-test.yaml files as they are. What passed only because no rule was about the resource is told apart.
import { randomInt } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import type { Column } from '../../formats/text-table.ts';
import { layoutTable } from '../../formats/text-table.ts';
import { LandwaiterError } from '../../model/error.ts';
import { plural } from '../../model/quantity.ts';
import type { TestReport } from '../policy/kyverno-test.ts';
import { runKyvernoTests } from '../policy/kyverno-test.ts';
import type { TestRow } from '../policy/kyverno-test-check.ts';
import type { FlagValues } from './arguments.ts';
import type { CommandContext } from './command.ts';
import { plainOutput } from './outputs.ts';
import { hardeningOf } from './policy-inputs.ts';

const testNames: readonly string[] = ['kyverno-test.yaml', 'kyverno-test.yml'];

type Counts = Record<TestRow['outcome'], number>;

/** Exit 0 when every expected result came, 1 when one did not, 3 when a test or a policy could not be run. */
export async function test(context: CommandContext, operands: readonly string[], values: FlagValues): Promise<number> {
  const output = plainOutput(values, context, 'policy test');
  const files = (operands.length === 0 ? ['.'] : operands).flatMap((name) => testFiles(name, context.cwd));
  if (files.length === 0)
    throw new LandwaiterError({
      code: 'TARGET_NOT_FOUND',
      message: `there is no kyverno-test.yaml in ${operands.length === 0 ? 'this folder' : operands.join(', ')}`,
      hint: 'name the file itself if it is called otherwise',
    });
  const options = {
    now: () => context.clock.now(),
    random: (below: number) => randomInt(below),
    hardening: hardeningOf(values),
  };
  const reports = files.flatMap((file) => runKyvernoTests(file, options));
  const rows = reports.flatMap((report) => report.rows.map((row) => ({ report, row })));
  const counts: Counts = { passed: 0, excluded: 0, failed: 0, unsupported: 0 };
  for (const { row } of rows) counts[row.outcome] += 1;
  const problems = reports.flatMap(({ file, problems: own }) =>
    own.map((message) => `${shown(file, context)}: ${message}`),
  );
  if (output.form === 'json') {
    const tests = reports.map((report) => ({ ...report, file: shown(report.file, context) }));
    output.write(`${JSON.stringify({ counts, tests }, undefined, 2)}\n`);
  } else output.write(`${[...tableOf(rows, context), ...problems, sentence(counts, reports.length)].join('\n')}\n`);
  if (counts.failed > 0) return 1;
  return counts.unsupported > 0 || problems.length > 0 ? 3 : 0;
}

/** A file by its name; a folder by the tests anywhere in it. */
function testFiles(name: string, cwd: string): readonly string[] {
  const place = resolve(cwd, name);
  const stat = statSync(place, { throwIfNoEntry: false });
  if (stat === undefined)
    throw new LandwaiterError({ code: 'TARGET_NOT_FOUND', message: `there is no file or folder ${name}` });
  if (!stat.isDirectory()) return [place];
  return readdirSync(place, { recursive: true, encoding: 'utf8' })
    .filter((path) => testNames.includes(basename(path)))
    .sort()
    .map((path) => join(place, path));
}

function shown(file: string, { cwd }: CommandContext): string {
  const path = relative(cwd, file);
  return path.startsWith('..') ? file : path;
}

const columns: readonly Column[] = [
  { title: 'RESULT' },
  { title: 'POLICY' },
  { title: 'RULE' },
  { title: 'RESOURCE' },
  { title: 'EXPECTED' },
  { title: 'WHY', shrink: 'end' },
];

/** Passed ones are only counted: what is not as expected, or hidden by exclusion, is what people look for. */
function tableOf(
  rows: readonly { readonly report: TestReport; readonly row: TestRow }[],
  context: CommandContext,
): readonly string[] {
  const told = rows.filter(({ row }) => row.outcome !== 'passed');
  if (told.length === 0) return [];
  const lines = told.map(({ report, row }) => [
    row.outcome,
    row.policy,
    row.rule,
    row.resource,
    row.expected,
    `${row.message} (${shown(report.file, context)})`,
  ]);
  return layoutTable(columns, lines, undefined);
}

function sentence({ passed, excluded, failed, unsupported }: Counts, tests: number): string {
  const parts = [
    `${passed} passed`,
    `${failed} failed`,
    ...(unsupported === 0 ? [] : [`${unsupported} could not be run`]),
    ...(excluded === 0 ? [] : [`${excluded} excluded (passed only because no rule is about the resource)`]),
  ];
  return `${plural(tests, 'test')}: ${parts.join(', ')}`;
}

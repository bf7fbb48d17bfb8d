// SPDX-License-Identifier: Apache-2.0
// `landwaiter policy test`: runs kyverno-test.yaml files as they are. What passed only because no rule was about the resource is told apart.
import { randomInt } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { matchesWildcard } from '../../formats/wildcard.ts';
import { LandwaiterError } from '../../model/error.ts';
import { runKyvernoTests } from '../policy/kyverno-test.ts';
import type { TestRow } from '../policy/kyverno-test-check.ts';
import type { FlagValues } from './arguments.ts';
import type { CommandContext } from './command.ts';
import { formedOutput } from './outputs.ts';
import { hardeningOf } from './policy-inputs.ts';
import { countRows, testForms, testTexts } from './policy-test-output.ts';
import { usage } from './usage.ts';

const testNames: readonly string[] = ['kyverno-test.yaml', 'kyverno-test.yml'];

/** Exit 0 when every expected result came, 1 when one did not, 3 when a test or a policy could not be run. */
export async function test(context: CommandContext, operands: readonly string[], values: FlagValues): Promise<number> {
  const output = formedOutput(values, context, { command: 'policy test', forms: testForms });
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
  const chosen = selectorOf(values.list('test-case-selector'));
  const reports = files.flatMap((file) =>
    runKyvernoTests(file, options).map((report) => ({
      ...report,
      file: shown(report.file, context),
      rows: report.rows.filter(chosen),
    })),
  );
  const counts = countRows(reports);
  const problems = reports.flatMap((report) => report.problems);
  if (values.list('test-case-selector').length > 0 && reports.every(({ rows }) => rows.length === 0))
    throw usage(
      'no expected result is chosen by --test-case-selector',
      'it takes policy=NAME,rule=NAME,resource=NAME with wildcards',
    );
  output.write(testTexts[output.form](reports));
  if (counts.failed > 0) return 1;
  return counts.unsupported > 0 || problems.length > 0 ? 3 : 0;
}

const selectable = ['policy', 'rule', 'resource'] as const;

/** Rows that any of the selectors chooses (`policy=a*,resource=web`); all without one. Throws USAGE. */
function selectorOf(words: readonly string[]): (row: TestRow) => boolean {
  const selectors = words.map((word) =>
    word.split(',').map((pair) => {
      const [key = '', pattern] = pair.split('=', 2).map((part) => part.trim());
      const member = selectable.find((name) => name === key);
      if (member === undefined || pattern === undefined)
        throw usage(`--test-case-selector takes ${selectable.join(', ')}, each with =NAME; "${pair}" is none`);
      return { member, pattern };
    }),
  );
  return (row) =>
    selectors.length === 0 ||
    selectors.some((parts) => parts.every(({ member, pattern }) => matchesWildcard(pattern, row[member])));
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

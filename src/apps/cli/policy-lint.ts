// SPDX-License-Identifier: Apache-2.0
// `landwaiter policy lint`: can these policies be loaded, and do they say what they seem to?
import { layoutTable } from '../../formats/text-table.ts';
import { formatLocation } from '../../model/location.ts';
import type { Problem } from '../../model/problem.ts';
import { plural } from '../../model/quantity.ts';
import { typeWarnings } from '../../policy/admission-policy/type-warnings.ts';
import { failOpenRemarks } from '../../policy/kyverno/fail-open.ts';
import type { PolicySet } from '../../policy/policy-set.ts';
import type { FlagValues } from './arguments.ts';
import type { CommandContext } from './command.ts';
import { plainOutput } from './outputs.ts';
import { readPolicyInputs } from './policy-inputs.ts';

/** Exit 0 when everything loads without a remark, 1 with remarks, 3 when something could not be loaded. */
export async function lint(context: CommandContext, operands: readonly string[], values: FlagValues): Promise<number> {
  const output = plainOutput(values, context, 'policy lint');
  const inputs = await readPolicyInputs(context, operands, values);
  const { set } = inputs;
  const problems = [...inputs.problems, ...remarksOn(set)];
  const policies = set.engines.flatMap(({ engine, policies: compiled }) =>
    compiled.map(({ name, kind, location, mutates }) => ({ engine: engine.id, kind, name, mutates, location })),
  );
  if (output.form === 'json') output.write(`${JSON.stringify({ policies, problems }, undefined, 2)}\n`);
  else {
    const rows = policies.map(({ engine, kind, name, location }) => [name, kind, engine, formatLocation(location)]);
    const table = layoutTable(
      [{ title: 'POLICY' }, { title: 'KIND' }, { title: 'ENGINE' }, { title: 'WHERE', shrink: 'middle' }],
      rows,
      undefined,
    );
    const remarks = problems.map(
      ({ location, message, hidesFindings }) =>
        `${formatLocation(location)}: ${hidesFindings ? 'not loaded' : 'remark'}: ${message}`,
    );
    const last = `${plural(policies.length, 'policy', 'policies')} loaded, ${plural(problems.length, 'remark')}`;
    output.write(`${[...(rows.length === 0 ? [] : table), ...remarks, last].join('\n')}\n`);
  }
  if (problems.some(({ hidesFindings }) => hidesFindings)) return 3;
  return problems.length === 0 ? 0 : 1;
}

/** Where policies let more through than they seem to say. */
function remarksOn({ engines }: PolicySet): readonly Problem[] {
  const typed = engines
    .filter(({ engine }) => engine.id === 'admission-policy')
    .flatMap(({ documents }) => documents)
    .flatMap((document) =>
      typeWarnings(document).map(({ fieldRef, warning, location }) => ({
        kind: 'schema' as const,
        message: `${fieldRef}: ${warning.trim()}`,
        location,
        hidesFindings: false,
      })),
    );
  const open = engines
    .filter(({ engine }) => engine.id === 'kyverno')
    .flatMap(({ documents }) => documents)
    .flatMap((document) =>
      failOpenRemarks(document.object).map(({ code, message, path }) => ({
        kind: 'schema' as const,
        message: `${message} [${code}]`,
        location: document.locateValue(path),
        hidesFindings: false,
      })),
    );
  return [...typed, ...open];
}

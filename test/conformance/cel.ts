// SPDX-License-Identifier: Apache-2.0
// Runs the conformance suite of the CEL specification through compileCel: values with their types, errors, and the types that the checker deduces.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CelEnvironment } from '../../src/policy/cel/environment.ts';
import { coreLibraries, extensionLibraries } from '../../src/policy/cel/libraries.ts';
import { compileCel } from '../../src/policy/cel/program.ts';
import { CelError } from '../../src/policy/cel/values.ts';
import type { CelTest, CelTestFile } from './cel/suite.ts';
import { printStaticType, typeFromSuite } from './cel/types.ts';
import { printSuiteValue, printValue, valueFromSuite } from './cel/values.ts';
import type { CaseResult, ConformanceCase, ConformancePack } from './pack.ts';
import { failed, passed } from './pack.ts';

export const celPack: ConformancePack = {
  name: 'cel',
  cases: (root) => {
    const folder = join(root, 'simple');
    return readdirSync(folder)
      .filter((file) => file.endsWith('.json'))
      .flatMap((file) => casesOf(JSON.parse(readFileSync(join(folder, file), 'utf8')) as CelTestFile));
  },
};

function casesOf(file: CelTestFile): ConformanceCase[] {
  return file.section.flatMap((section) =>
    (section.test ?? []).map((test) => ({
      id: `${file.name}/${section.name}/${test.name}`,
      run: () => runTest(test),
    })),
  );
}

function runTest(test: CelTest): CaseResult {
  const environment = new CelEnvironment({
    container: test.container ?? '',
    libraries: [...coreLibraries, ...extensionLibraries],
    variables: (test.typeEnv ?? []).flatMap(({ name, ident }) =>
      ident?.type === undefined ? [] : [{ name, type: typeFromSuite(ident.type) }],
    ),
  });
  const compiled = compileCel(test.expr, environment, {
    macros: test.disableMacros === true ? 'off' : 'on',
    check: test.disableCheck === true ? 'off' : 'on',
  });
  const wantsError = test.evalError !== undefined || test.anyEvalErrors !== undefined;
  if (compiled.kind === 'fault')
    return wantsError ? passed : failed(wanted(test), compiled.faults.map(({ message }) => message).join('; '));
  const { program } = compiled;
  if (test.typedResult?.deducedType !== undefined) {
    const deduced = printStaticType(program.type);
    const expected = printStaticType(typeFromSuite(test.typedResult.deducedType));
    if (deduced !== expected) return failed(expected, deduced);
    if (test.checkOnly === true) return passed;
  }
  const bindings = Object.entries(test.bindings ?? {}).map(([name, bound]) => [name, valueFromSuite(bound.value)]);
  const { value } = program.evaluate(Object.fromEntries(bindings));
  if (wantsError) return value instanceof CelError ? passed : failed('an error', printValue(value));
  const expected = wanted(test);
  const actual = printValue(value);
  return actual === expected ? passed : failed(expected, actual);
}

function wanted(test: CelTest): string {
  const value = test.value ?? test.typedResult?.result;
  return value === undefined ? 'bool:true' : printSuiteValue(value);
}

// SPDX-License-Identifier: Apache-2.0
// Runs the conformance suite of the CEL specification through compileCel: values with their types, errors, and the types that the checker deduces.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CelLibrary } from '../../src/policy/cel/declarations.ts';
import { CelEnvironment } from '../../src/policy/cel/environment.ts';
import { coreLibraries, extensionLibraries } from '../../src/policy/cel/libraries.ts';
import { cidrLibrary } from '../../src/policy/cel/library/cidr.ts';
import { ipLibrary } from '../../src/policy/cel/library/ip.ts';
import { compileCel } from '../../src/policy/cel/program.ts';
import { dynType } from '../../src/policy/cel/types.ts';
import { CelError } from '../../src/policy/cel/values.ts';
import { typedEnumLibrary } from './cel/enum-number.ts';
import { SuiteTypes } from './cel/messages.ts';
import type { CelTest, CelTestFile } from './cel/suite.ts';
import { printStaticType, typeFromSuite } from './cel/types.ts';
import { withDecodedEscapes } from './cel/undecoded-escapes.ts';
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
  detail: () => counts,
};

/** The groups that the pack's README names as those that Kubernetes needs; the others are counted apart. */
const kubernetesGroups = new Set([
  'basic',
  'bindings_ext',
  'comparisons',
  'conversions',
  'encoders_ext',
  'fields',
  'fp_math',
  'integer_math',
  'lists',
  'logic',
  'macros',
  'macros2',
  'math_ext',
  'namespace',
  'optionals',
  'parse',
  'plumbing',
  'string',
  'string_ext',
  'timestamps',
  'type_deductions',
]);

interface Count {
  passed: number;
  total: number;
}

const counts: Record<'kubernetes' | 'others', Count> = {
  kubernetes: { passed: 0, total: 0 },
  others: { passed: 0, total: 0 },
};

function casesOf(file: CelTestFile): ConformanceCase[] {
  const count = counts[kubernetesGroups.has(file.name) ? 'kubernetes' : 'others'];
  return file.section.flatMap((section) =>
    (section.test ?? []).map((test) => ({
      id: `${file.name}/${section.name}/${test.name}`,
      run: () => {
        // The sections say in which of the two modes of the specification they are to be run.
        const result = runTest(withDecodedEscapes(test), section.name.startsWith('strong_') ? 'typed' : 'int');
        count.total += 1;
        if (result.outcome === 'passed') count.passed += 1;
        return result;
      },
    })),
  );
}

/** Functions that a case declares; the suite never calls them. */
function declaredFunctions(test: CelTest): CelLibrary {
  return {
    name: 'declared by the case',
    functions: (test.typeEnv ?? []).flatMap(({ name, function: declared }) =>
      declared === undefined
        ? []
        : [
            {
              name,
              overloads: (declared.overloads ?? []).map((overload) => ({
                id: overload.overloadId,
                style: overload.isInstanceFunction === true ? ('member' as const) : ('global' as const),
                parameters: (overload.params ?? []).map(typeFromSuite),
                result: typeFromSuite(overload.resultType ?? {}),
                run: () => new CelError('declared only'),
              })),
            },
          ],
    ),
  };
}

function runTest(test: CelTest, enums: 'int' | 'typed'): CaseResult {
  const types = new SuiteTypes(enums);
  const environment = new CelEnvironment({
    container: test.container ?? '',
    libraries: [
      ...coreLibraries,
      ...extensionLibraries,
      ipLibrary,
      cidrLibrary,
      ...(enums === 'typed' ? [typedEnumLibrary] : []),
      declaredFunctions(test),
    ],
    types,
    variables: (test.typeEnv ?? []).flatMap(({ name, ident }) =>
      ident?.type === undefined ? [] : [{ name, type: typeFromSuite(ident.type) }],
    ),
  });
  const bindings = Object.entries(test.bindings ?? {}).map(
    ([name, bound]) => [name, valueFromSuite(bound.value, types)] as const,
  );
  // Cases that are not checked need not declare their variables.
  const undeclared =
    test.disableCheck === true ? bindings.filter(([name]) => environment.resolve(name) === undefined) : [];
  const compiled = compileCel(test.expr, environment.extend(undeclared.map(([name]) => ({ name, type: dynType }))), {
    macros: test.disableMacros === true ? 'off' : 'extended',
    check: test.disableCheck === true ? 'off' : 'on',
  });
  const wantsError = test.evalError !== undefined || test.anyEvalErrors !== undefined;
  if (compiled.kind === 'fault')
    return wantsError ? passed : failed(wanted(test, types), compiled.faults.map(({ message }) => message).join('; '));
  const { program } = compiled;
  if (test.typedResult?.deducedType !== undefined) {
    const deduced = printStaticType(program.type);
    const expected = printStaticType(typeFromSuite(test.typedResult.deducedType));
    if (deduced !== expected) return failed(expected, deduced);
    if (test.checkOnly === true) return passed;
  }
  const { value } = program.evaluate(Object.fromEntries(bindings));
  if (wantsError) return value instanceof CelError ? passed : failed('an error', printValue(value));
  const expected = wanted(test, types);
  const actual = printValue(value);
  return actual === expected ? passed : failed(expected, actual);
}

function wanted(test: CelTest, types: SuiteTypes): string {
  const value = test.value ?? test.typedResult?.result;
  return value === undefined ? 'bool:true' : printSuiteValue(value, types);
}

// SPDX-License-Identifier: Apache-2.0
// Attestors of an ImageValidatingPolicy. Those without expressions are read when the policy is loaded, so that a fault is told there; the others when
// their expressions have a value. Asking is image-session.ts.
import type { DocumentPath, JsonObject } from '../../../formats/document.ts';
import { asObject, asString } from '../../../formats/document.ts';
import { canonicalJson } from '../../../model/canonical-json.ts';
import type { CelEnvironment } from '../../cel/environment.ts';
import { callCostLimit } from '../../cel/kubernetes.ts';
import type { CelProgram } from '../../cel/program.ts';
import type { CelValue } from '../../cel/values.ts';
import { CelError, typeNameOf } from '../../cel/values.ts';
import { EntryFault } from '../verify-images/signer.ts';
import type { AttestedBy, AttestorScope } from './attestor-reading.ts';
import { readAttestor } from './attestor-reading.ts';
import type { CelPolicyCompiler } from './core.ts';

export interface Attestor {
  readonly name: string;
  /** `values`: those of the expressions of the policy. */
  readonly resolve: (values: readonly CelValue[]) => AttestedBy | CelError;
}

interface Written {
  readonly path: readonly string[];
  readonly program: CelProgram;
  /** Member that takes the result. */
  readonly target: string;
}

/** Where an attestor may have an expression in the place of a text. */
const expressionPlaces: readonly (readonly [path: readonly string[], target: string])[] = [
  [['cosign', 'key'], 'data'],
  [['cosign', 'certificate', 'cert'], 'value'],
  [['cosign', 'certificate', 'certChain'], 'value'],
  [['cosign', 'trustedRoot'], 'value'],
  [['cosign', 'keyless', 'trustedRoot'], 'value'],
  [['notary', 'certs'], 'value'],
  [['notary', 'tsaCerts'], 'value'],
];

/** Reads one attestor; faults gather in the compiler. `environment` is that of expressions that see variables. */
export function compileAttestor(
  attestor: JsonObject,
  path: DocumentPath,
  {
    compiler,
    environment,
    scope,
  }: { readonly compiler: CelPolicyCompiler; readonly environment: CelEnvironment; readonly scope: AttestorScope },
): Attestor {
  const name = asString(attestor['name']) ?? '';
  const written = expressionPlaces.flatMap(([at, target]): Written[] => {
    const place = at.reduce<JsonObject | undefined>((value, key) => asObject(value?.[key]), attestor);
    if (place?.['expression'] === undefined) return [];
    const program = compiler.program(place['expression'], environment, [...path, ...at, 'expression']);
    return program === undefined ? [] : [{ path: at, program, target }];
  });
  if (written.length === 0) {
    const read = readAttestor(attestor, path, scope);
    if (read instanceof EntryFault) compiler.refuse(read.message, read.path);
    return { name, resolve: () => (read instanceof EntryFault ? new CelError(read.message) : read) };
  }
  return { name, resolve: resolver({ name, attestor, path, written, scope }) };
}

/** Keys that expressions gave lately: objects of one namespace mostly have the same. */
const mostKnown = 50;

function resolver({
  name,
  attestor,
  path,
  written,
  scope,
}: {
  readonly name: string;
  readonly attestor: JsonObject;
  readonly path: DocumentPath;
  readonly written: readonly Written[];
  readonly scope: AttestorScope;
}): Attestor['resolve'] {
  const known = new Map<string, AttestedBy | CelError>();
  return (values) => {
    const texts: string[] = [];
    for (const { program } of written) {
      const { value } = program.evaluateSlots(values, callCostLimit);
      if (value instanceof CelError) return new CelError(`attestor ${name}: ${value.message}`);
      if (typeof value !== 'string')
        return new CelError(`attestor ${name}: an expression must give a string, not ${typeNameOf(value)}`);
      texts.push(value);
    }
    const key = canonicalJson(texts);
    const before = known.get(key);
    if (before !== undefined) return before;
    let whole: JsonObject = attestor;
    for (const [index, { path: at, target }] of written.entries())
      whole = withMember(whole, at, { [target]: texts[index] ?? '' });
    const read = readAttestor(whole, path, scope);
    const answer = read instanceof EntryFault ? new CelError(`attestor ${name}: ${read.message}`) : read;
    if (known.size >= mostKnown) known.clear();
    known.set(key, answer);
    return answer;
  };
}

function withMember(object: JsonObject, [key, ...rest]: readonly string[], members: JsonObject): JsonObject {
  if (key === undefined) {
    const { expression: _, ...others } = object;
    return { ...others, ...members };
  }
  return { ...object, [key]: withMember(asObject(object[key]) ?? {}, rest, members) };
}

// SPDX-License-Identifier: Apache-2.0
// What names mean: variables, functions, types and constants, and the container in which unqualified names are looked up
// (langdef.md, Name Resolution).

import type { CelConstant, CelFunction, CelLibrary, CelVariable, Overload, TypeProvider } from './declarations.ts';
import type { MessageDeclaration } from './message.ts';
import type { PresenceForm } from './selection.ts';
import type { CelType } from './types.ts';
import {
  boolType,
  bytesType,
  doubleType,
  durationType,
  dynType,
  intType,
  listOf,
  mapOf,
  nullType,
  optionalOf,
  stringType,
  timestampType,
  typeOf,
  uintType,
} from './types.ts';
import { CelTypeValue } from './values.ts';

export interface EnvironmentOptions {
  readonly container?: string;
  readonly variables?: readonly CelVariable[];
  readonly libraries: readonly CelLibrary[];
  readonly types?: TypeProvider;
  /** `homogeneous`: list and map literals must be of one type, as Kubernetes asks. */
  readonly literals?: 'mixed' | 'homogeneous';
  /** What `.?`, `[?]` and has() make of values that can hold no fields; `optional` (an error) when left out. */
  readonly presence?: PresenceForm;
}

export interface VariableSlot extends CelVariable {
  readonly slot: number;
}

export type ResolvedName =
  | { readonly kind: 'variable'; readonly variable: VariableSlot }
  | { readonly kind: 'constant'; readonly constant: CelConstant };

const standardTypes: Readonly<Record<string, CelType>> = {
  bool: boolType,
  int: intType,
  uint: uintType,
  double: doubleType,
  string: stringType,
  bytes: bytesType,
  null_type: nullType,
  list: listOf(dynType),
  map: mapOf(dynType, dynType),
  'google.protobuf.Timestamp': timestampType,
  'google.protobuf.Duration': durationType,
  optional_type: optionalOf(dynType),
};

export class CelEnvironment {
  readonly container: string;
  readonly literals: 'mixed' | 'homogeneous';
  readonly presence: PresenceForm;
  readonly variables: readonly VariableSlot[];
  readonly #byName: ReadonlyMap<string, VariableSlot>;
  readonly #functions: Map<string, readonly Overload[]>;
  readonly #constants: Map<string, CelConstant>;
  readonly #types: TypeProvider | undefined;
  readonly #options: EnvironmentOptions;

  /** `like`: an environment with the same libraries, whose functions and constants are taken over instead of collected again. */
  constructor(options: EnvironmentOptions, like?: CelEnvironment) {
    this.#options = options;
    this.container = options.container ?? '';
    this.literals = options.literals ?? 'mixed';
    this.presence = options.presence ?? 'optional';
    this.variables = (options.variables ?? []).map((variable, slot) => ({ ...variable, slot }));
    this.#byName = new Map(this.variables.map((variable) => [variable.name, variable]));
    this.#types = options.types;
    this.#functions = like === undefined ? new Map() : like.#functions;
    this.#constants = like === undefined ? new Map() : like.#constants;
    if (like !== undefined) return;
    for (const [name, type] of Object.entries(standardTypes))
      this.#constants.set(name, { type: typeOf(type), value: new CelTypeValue(name) });
    this.#constants.set('type', { type: typeOf(typeOf(undefined)), value: new CelTypeValue('type') });
    for (const library of options.libraries) this.#add(library);
  }

  #add(library: CelLibrary): void {
    for (const { name, overloads } of library.functions) {
      const known = this.#functions.get(name) ?? [];
      const replaced = new Set(overloads.map(({ id }) => id));
      this.#functions.set(name, [...known.filter(({ id }) => !replaced.has(id)), ...overloads]);
    }
    for (const [name, constant] of Object.entries(library.constants ?? {})) this.#constants.set(name, constant);
  }

  /** The same environment with more variables after those it has. */
  extend(variables: readonly CelVariable[]): CelEnvironment {
    return new CelEnvironment({ ...this.#options, variables: [...this.variables, ...variables] }, this);
  }

  overloads(name: string): readonly Overload[] | undefined {
    return this.#functions.get(name);
  }

  message(name: string): MessageDeclaration | undefined {
    return this.#types?.message(name);
  }

  /** Names in the order in which the container makes them candidates: `a.b.x`, `a.x`, `x`. */
  candidates(name: string): string[] {
    if (name.startsWith('.')) return [name.slice(1)];
    const names: string[] = [];
    for (let container = this.container; container !== ''; ) {
      names.push(`${container}.${name}`);
      const dot = container.lastIndexOf('.');
      container = dot === -1 ? '' : container.slice(0, dot);
    }
    names.push(name);
    return names;
  }

  resolve(name: string): ResolvedName | undefined {
    for (const candidate of this.candidates(name)) {
      const variable = this.#byName.get(candidate);
      if (variable !== undefined) return { kind: 'variable', variable };
      const constant = this.#constants.get(candidate) ?? this.#types?.constant(candidate);
      if (constant !== undefined) return { kind: 'constant', constant };
    }
    return undefined;
  }

  resolveFunction(name: string): { readonly name: string; readonly overloads: readonly Overload[] } | undefined {
    for (const candidate of this.candidates(name)) {
      const overloads = this.#functions.get(candidate);
      if (overloads !== undefined) return { name: candidate, overloads };
    }
    return undefined;
  }

  resolveMessage(name: string): MessageDeclaration | undefined {
    for (const candidate of this.candidates(name)) {
      const declaration = this.message(candidate);
      if (declaration !== undefined) return declaration;
    }
    return undefined;
  }
}

/** All functions of a library under their names; later ones with the same name add overloads. */
export function functionsOf(groups: Readonly<Record<string, readonly Overload[]>>): readonly CelFunction[] {
  return Object.entries(groups).map(([name, overloads]) => ({ name, overloads }));
}

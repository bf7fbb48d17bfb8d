// SPDX-License-Identifier: Apache-2.0
// What the type parameters of an expression turn out to be, as its arguments are met (cel-go checker/mapping.go and types.go). What types are is in types.ts.

import type { CelType } from './types.ts';
import { dynType, equalTypes, isDyn, listOf, mapOf, moreGeneral, opaqueType, partsOf, typeOf } from './types.ts';

/** What type parameters have been bound to. Attempts that fail are taken back by a mark, so that an attempt costs what it binds and no copy. */
export class Substitution {
  readonly #bound = new Map<string, CelType>();
  /** What each binding replaced, in order. */
  readonly #trail: (readonly [string, CelType | undefined])[] = [];

  /** The state to which rollback() returns. */
  mark(): number {
    return this.#trail.length;
  }

  rollback(mark: number): void {
    while (this.#trail.length > mark) {
      const [name, before] = this.#trail.pop() ?? ['', undefined];
      if (before === undefined) this.#bound.delete(name);
      else this.#bound.set(name, before);
    }
  }

  #set(name: string, type: CelType): void {
    this.#trail.push([name, this.#bound.get(name)]);
    this.#bound.set(name, type);
  }

  /** Whether a value of `from` may stand where `to` is wanted; binds parameters on the way. On false some may stay bound: roll back. */
  assign(from: CelType, to: CelType): boolean {
    if (to.kind === 'parameter') {
      const bound = this.#bind(to.name, from);
      if (bound !== 'unbound') return bound === 'fits';
    }
    if (from.kind === 'parameter') return this.#bind(from.name, to) === 'fits';
    if (isDyn(from) || isDyn(to)) return true;
    if (from.kind === 'null') return acceptsNull(to);
    if (to.kind === 'null') return acceptsNull(from);
    if (to.kind === 'wrapper') return this.assign(from.kind === 'wrapper' ? from.of : from, to.of);
    if (from.kind === 'wrapper') return this.assign(from.of, to);
    return this.#assignSameKind(from, to);
  }

  #assignSameKind(from: CelType, to: CelType): boolean {
    if (from.kind === 'list' && to.kind === 'list') return this.assign(from.element, to.element);
    if (from.kind === 'map' && to.kind === 'map')
      return this.assign(from.key, to.key) && this.assign(from.value, to.value);
    if (from.kind === 'opaque' && to.kind === 'opaque') {
      if (from.name !== to.name || from.parameters.length !== to.parameters.length) return false;
      return from.parameters.every((item, index) => this.assign(item, to.parameters[index] ?? dynType));
    }
    if (from.kind === 'message' && to.kind === 'message') return from.name === to.name;
    return from.kind === to.kind;
  }

  #bind(name: string, type: CelType): 'fits' | 'differs' | 'unbound' {
    if (type.kind === 'parameter' && type.name === name) return 'fits';
    const bound = this.#bound.get(name);
    if (bound === undefined) {
      if (this.#occurs(name, type)) return 'unbound';
      this.#set(name, type);
      return 'fits';
    }
    if (equalTypes(bound, type)) return 'fits';
    if (!this.assign(type, bound)) return 'differs';
    const wider = moreGeneral(type, bound);
    if (!this.#occurs(name, wider)) this.#set(name, wider);
    return 'fits';
  }

  #occurs(name: string, type: CelType): boolean {
    let at = type;
    while (at.kind === 'parameter') {
      if (at.name === name) return true;
      const bound = this.#bound.get(at.name);
      if (bound === undefined) return false;
      at = bound;
    }
    return partsOf(at).some((part) => this.#occurs(name, part));
  }

  /** What a parameter is bound to in the end, which may be another parameter; any other type is itself. Chains may be long. */
  #followed(type: CelType): CelType {
    let at = type;
    while (at.kind === 'parameter') {
      const bound = this.#bound.get(at.name);
      if (bound === undefined) return at;
      at = bound;
    }
    return at;
  }

  /** Applies with `dyn` when no more will be bound: what a parameter comes to is found once. */
  finisher(): (type: CelType) => CelType {
    const known = new Map<string, CelType>();
    const resolve = (parameterType: CelType): CelType => {
      const passed: string[] = [];
      let at = parameterType;
      while (at.kind === 'parameter' && !known.has(at.name)) {
        const bound = this.#bound.get(at.name);
        passed.push(at.name);
        at = bound ?? dynType;
      }
      const result = (at.kind === 'parameter' ? known.get(at.name) : undefined) ?? withParameters(at, resolve);
      for (const name of passed) known.set(name, result);
      return result;
    };
    return (type) => withParameters(type, resolve);
  }

  /** The type with bound parameters put in. `free`: what becomes of parameters that are bound to nothing. */
  apply(type: CelType, free: 'keep' | 'dyn' = 'keep'): CelType {
    return withParameters(type, (parameterType) => {
      const bound = this.#followed(parameterType);
      if (bound.kind !== 'parameter') return this.apply(bound, free);
      return free === 'dyn' ? dynType : bound;
    });
  }
}

/** The type with all parameters in it replaced. */
function withParameters(type: CelType, resolve: (parameterType: CelType) => CelType): CelType {
  switch (type.kind) {
    case 'parameter':
      return resolve(type);
    case 'list':
      return listOf(withParameters(type.element, resolve));
    case 'map':
      return mapOf(withParameters(type.key, resolve), withParameters(type.value, resolve));
    case 'opaque':
      return opaqueType(type.name, ...type.parameters.map((item) => withParameters(item, resolve)));
    case 'type':
      return type.of === undefined ? type : typeOf(withParameters(type.of, resolve));
    default:
      return type;
  }
}

function acceptsNull(type: CelType): boolean {
  return ['null', 'message', 'opaque', 'wrapper', 'timestamp', 'duration'].includes(type.kind);
}

// SPDX-License-Identifier: Apache-2.0
// What asking a registry can come to. "It is not there" and "nobody could tell" are different answers, and no caller may mix them up: a
// throttled registry is unknown, never unsigned and never clean.
import type { ErrorCode } from '../../model/error.ts';
import { LandwaiterError } from '../../model/error.ts';

export type RegistryCode = Extract<ErrorCode, `REGISTRY_${string}` | 'LIMIT_EXCEEDED' | 'INPUT_UNREADABLE'>;

export interface Unknown {
  readonly kind: 'unknown';
  readonly code: RegistryCode;
  /** A sentence with the address that was asked. Holds no credentials. */
  readonly reason: string;
  /** Seconds after which the registry wants to be asked again. */
  readonly retryAfter?: number;
}

export type Outcome<T> = { readonly kind: 'found'; readonly value: T } | { readonly kind: 'none' } | Unknown;

/** An `Unknown` as an error, for what cannot be a return value: the middle of a stream, and pushing. */
export class RegistryError extends LandwaiterError {
  readonly unknown: Unknown;

  constructor(unknown: Omit<Unknown, 'kind'>, cause?: unknown) {
    super({
      code: unknown.code,
      message: unknown.reason,
      ...hintFor(unknown),
      ...(cause === undefined ? {} : { cause }),
    });
    this.unknown = { kind: 'unknown', ...unknown };
  }
}

function hintFor(unknown: Omit<Unknown, 'kind'>): { readonly hint?: string } {
  if (unknown.retryAfter !== undefined) return { hint: `try again in ${unknown.retryAfter} s` };
  if (unknown.code === 'REGISTRY_UNAUTHORIZED') return { hint: 'log in to the registry (docker login, podman login)' };
  return {};
}

export function found<T>(value: T): Outcome<T> {
  return { kind: 'found', value };
}

/** Runs `ask` and turns the failures of a registry into `unknown`; defects of this program are thrown on. */
export async function outcomeOf<T>(ask: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof RegistryError) return error.unknown;
    throw error;
  }
}

export function invalidAnswer(reason: string, cause?: unknown): RegistryError {
  return new RegistryError({ code: 'REGISTRY_INVALID', reason }, cause);
}

// SPDX-License-Identifier: Apache-2.0
// What asking an API server can come to. "It is not there", "the server refuses" and "nobody could tell" are different answers, and no caller may mix
// them up: a throttled or unreachable server is unknown, never empty.
import { LandwaiterError } from '../../model/error.ts';

/**
 * `unauthorized` (401), `forbidden` (403: the account lacks a permission), `throttled` (429), `failed` (5xx), `expired` (410: the moment asked for is
 * compacted), `unreachable`: no whole answer came, `invalid`: what came is not what was asked for, `limit`: it is larger than is read, `ended`: the
 * caller gave up or the time was over.
 */
export type KubeFault =
  | 'unauthorized'
  | 'forbidden'
  | 'throttled'
  | 'failed'
  | 'expired'
  | 'unreachable'
  | 'invalid'
  | 'limit'
  | 'ended';

export interface KubeUnknown {
  readonly kind: 'unknown';
  readonly fault: KubeFault;
  /** A sentence with what was asked of whom. Holds no credentials. */
  readonly reason: string;
  /** HTTP status, where one came. */
  readonly status?: number;
  /** Seconds after which the server wants to be asked again. */
  readonly retryAfter?: number;
}

export type KubeOutcome<T> = { readonly kind: 'found'; readonly value: T } | { readonly kind: 'none' } | KubeUnknown;

/** The server understood and refuses: the object is left as it was (apimachinery meta/v1 Status). */
export interface KubeRefusal {
  readonly kind: 'refused';
  readonly status: number;
  /** `Conflict`, `AlreadyExists`, `Invalid`, `Forbidden`, `NotFound`, `Expired`... */
  readonly reason: string;
  /** The server's own sentence: for a denial by a policy, the text that kubectl shows. */
  readonly message: string;
  readonly causes: readonly KubeCause[];
  readonly warnings: readonly string[];
}

export interface KubeCause {
  readonly field?: string;
  readonly reason?: string;
  readonly message?: string;
}

/** What became of a change. `unknown`: it may or may not have happened. */
export type KubeChange<T> = KubeDone<T> | KubeRefusal | KubeUnknown;

export interface KubeDone<T> {
  readonly kind: 'done';
  /** The object as the server has it now, or would have it (dry run). */
  readonly value: T;
  /** Of `Warning` headers, in order. */
  readonly warnings: readonly string[];
}

/** A `KubeUnknown` as an error, for the middle of a stream of objects. */
export class KubeError extends LandwaiterError {
  readonly unknown: KubeUnknown;

  constructor(unknown: Omit<KubeUnknown, 'kind'>, cause?: unknown) {
    super({
      code: unknown.fault === 'limit' ? 'LIMIT_EXCEEDED' : 'NETWORK_FAILED',
      message: unknown.reason,
      ...(unknown.retryAfter === undefined ? {} : { hint: `try again in ${unknown.retryAfter} s` }),
      ...(cause === undefined ? {} : { cause }),
    });
    this.unknown = { kind: 'unknown', ...unknown };
  }
}

/** Runs `ask` and turns what the server failed to say into `unknown`; defects of this program are thrown on. */
export async function kubeOutcomeOf<T>(ask: () => Promise<T>): Promise<T | KubeUnknown> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof KubeError) return error.unknown;
    throw error;
  }
}

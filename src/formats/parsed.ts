// SPDX-License-Identifier: Apache-2.0
// What strict readers of security formats return: the whole value, or one reason why the input is not of the format. There is no half
// value: a proof that is read in part proves nothing. Inside such a reader `malformed` leaves at once; `parsing` turns that into data.

export type Parsed<T> =
  | { readonly kind: 'parsed'; readonly value: T }
  | { readonly kind: 'malformed'; readonly reason: string };

class MalformedInput extends Error {}

/** Leaves the reader that `parsing` runs. */
export function malformed(reason: string): never {
  throw new MalformedInput(reason);
}

/** Runs a reader; what it reports with `malformed` becomes a return value. */
export function parsing<T>(read: () => T): Parsed<T> {
  try {
    return { kind: 'parsed', value: read() };
  } catch (error) {
    if (error instanceof MalformedInput) return { kind: 'malformed', reason: error.message };
    throw error;
  }
}

/** The value of an inner reader, for use inside an outer one: its reason is passed on with what was being read. */
export function required<T>(parsed: Parsed<T>, what: string): T {
  return parsed.kind === 'parsed' ? parsed.value : malformed(`${what}: ${parsed.reason}`);
}

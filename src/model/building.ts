// SPDX-License-Identifier: Apache-2.0

/**
 * An object that is still being made, so that members which may be absent are set where they are known. In hot paths this is several
 * times faster than `...(x === undefined ? {} : { x })`, which V8 does not compile away before code has run a few thousand times.
 */
export type Building<T> = { -readonly [Member in keyof T]: T[Member] };

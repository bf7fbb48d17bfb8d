// SPDX-License-Identifier: Apache-2.0
// The variable `request` of CEL expressions: made when an expression first reads it.
import { LazyValue } from '../cel/frame.ts';
import type { CelValue } from '../cel/values.ts';
import type { AdmissionRequest } from './request.ts';

/** Requests of which somebody notes what is read have this: then nothing is read that no expression asks for. */
export const watched: unique symbol = Symbol('watched');

/** `defaults` stand where the request has nothing, `more` goes over it. Without the objects and the subresource, of which each dialect has its own idea. */
export function seenRequest(
  request: AdmissionRequest & { readonly [watched]?: true },
  defaults: () => Readonly<Record<string, CelValue>>,
  more?: Readonly<Record<string, CelValue>>,
): CelValue {
  return new LazyValue(() => {
    if (request[watched] === true) return noting(request, defaults(), more);
    const { object: _object, oldObject: _oldObject, subResource: _sub, ...rest } = request;
    return { ...defaults(), ...rest, ...more };
  });
}

/** The same with members that are read one by one. */
function noting(
  request: AdmissionRequest,
  defaults: Readonly<Record<string, CelValue>>,
  more: Readonly<Record<string, CelValue>> | undefined,
): CelValue {
  const seen: Record<string, CelValue> = { ...defaults };
  for (const name of Object.keys(request) as (keyof AdmissionRequest)[])
    if (name !== 'object' && name !== 'oldObject' && name !== 'subResource')
      Object.defineProperty(seen, name, { get: () => request[name], enumerable: true, configurable: true });
  for (const [name, value] of Object.entries(more ?? {}))
    Object.defineProperty(seen, name, { value, enumerable: true, configurable: true });
  return seen;
}

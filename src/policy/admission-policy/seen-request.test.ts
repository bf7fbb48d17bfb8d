// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Frame } from '../cel/frame.ts';
import type { CelValue } from '../cel/values.ts';
import type { AdmissionRequest } from './request.ts';
import { requestFor } from './request.ts';
import { seenRequest, watched } from './seen-request.ts';

const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'shop' } };
const whole: Required<AdmissionRequest> = {
  ...requestFor(pod),
  uid: 'u',
  subResource: 'status',
  name: 'web',
  namespace: 'shop',
  userInfo: { username: 'alice' },
  dryRun: true,
  options: { kind: 'CreateOptions' },
  object: pod,
  oldObject: pod,
};
const optional = [
  'uid',
  'subResource',
  'name',
  'namespace',
  'userInfo',
  'dryRun',
  'options',
  'object',
  'oldObject',
] as const;

function seenBy(request: AdmissionRequest, more: Readonly<Record<string, CelValue>> | undefined): unknown {
  const defaults = (): Readonly<Record<string, CelValue>> => ({
    requestKind: request.kind,
    namespace: '',
    name: '',
    userInfo: {},
    dryRun: false,
  });
  const value = seenRequest(request, defaults, more) as ReturnType<typeof seenRequest> & {
    read(frame: Frame): CelValue;
  };
  return value.read(new Frame([], Number.POSITIVE_INFINITY));
}

describe('the request of expressions', () => {
  test('is the same for who notes what is read of it', () => {
    fc.assert(
      fc.property(fc.subarray([...optional]), fc.boolean(), (left, isWhole) => {
        const request = Object.fromEntries(
          Object.entries(whole).filter(([name]) => !left.includes(name as (typeof optional)[number])),
        ) as unknown as AdmissionRequest;
        const noted = new Proxy(request, {
          get: (target, name) => (name === watched ? true : (Reflect.get(target, name) as unknown)),
        });
        const more = isWhole ? { object: request.object ?? null, oldObject: request.oldObject ?? null } : undefined;

        expect(seenBy(noted, more)).toEqual(seenBy(request, more));
      }),
    );
  });
});

// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { parsePinLock, printPinLock } from './pin-lock.ts';

const commit = '0123456789abcdef0123456789abcdef01234567';
const digest = `sha256:${'0'.repeat(64)}`;

describe('landwaiter.lock.yaml', () => {
  it('is read as it is written', () => {
    const lock = { actions: new Map([['actions/checkout@v4', commit]]), images: new Map([['node:22', digest]]) };

    expect(parsePinLock(printPinLock(lock), 'landwaiter.lock.yaml')).toEqual({ lock, problems: [] });
  });

  it('takes only commits and digests', () => {
    const { lock, problems } = parsePinLock('actions: {"a/b@v1": main}\nimages: {node: sha256:12}\n', 'l');

    expect([lock.actions.size, lock.images.size]).toEqual([0, 0]);
    expect(problems.map(({ message, location }) => `${location.line} ${message}`)).toEqual([
      '1 actions: a/b@v1 is pinned to no commit',
      '2 images: node is pinned to no digest',
    ]);
  });
});

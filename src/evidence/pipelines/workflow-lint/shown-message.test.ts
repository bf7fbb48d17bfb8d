// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { findingsOf, stepsOf } from '../../../../test/support/lint-workflow.ts';
import { shownMessage } from './shown-message.ts';

describe('shownMessage', () => {
  it.each([
    ['run: echo ${{ github.events }}', 'property "events" is not defined; did you mean "event"?'],
    ['run: echo ${{ github.zzzzzzzzzz }}', 'property "zzzzzzzzzz" is not defined'],
    ['run: echo ${{ startWith(1, 2) }}', 'undefined function "startWith"; did you mean "startswith"?'],
    ['run: echo ${{ github.head_ref }}', '"github.head_ref" is potentially untrusted'],
    ['runs: x', 'unexpected key "runs" for step; did you mean "run"?'],
  ])('says of %s only what helps', (step, message) => {
    const [first] = findingsOf(stepsOf(`      - ${step}\n`)).map((finding) => finding.message);

    expect(first).toBe(message);
  });

  it('keeps short lists, which answer the question', () => {
    const message = '"x" is invalid. available values are "read", "write", "none"';

    expect(shownMessage(message)).toBe(message);
  });

  it('keeps messages that are nothing but a tail, and long ones in time', () => {
    const long = `. available labels are ${'"a", '.repeat(100_000)}`;

    expect(shownMessage('. see x')).toBe('. see x');
    expect(shownMessage(long).length).toBeLessThan(long.length);
  });
});

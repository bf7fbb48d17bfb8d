// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { failureActionFor, readFailureActions } from './failure-action.ts';

const overrides = [
  { action: 'enforce', namespaces: ['prod-*'] },
  { action: 'Enforce', namespaceSelector: { matchLabels: { tier: 'gold' } } },
];

describe('failure actions', () => {
  it('are those of the rule before those of the policy', () => {
    const spec = { validationFailureAction: 'Enforce' };
    expect(readFailureActions({ validate: {} }, spec, 'Cluster').action).toBe('Enforce');
    expect(readFailureActions({ validate: { failureAction: 'Audit' } }, spec, 'Cluster').action).toBe('Audit');
    expect(readFailureActions({}, {}, 'Cluster').action).toBe('Audit');
  });

  it('may be others in some namespaces', () => {
    const actions = readFailureActions({}, { validationFailureActionOverrides: overrides }, 'Cluster');
    expect(failureActionFor(actions, 'prod-1', {})).toBe('Enforce');
    expect(failureActionFor(actions, 'dev', { tier: 'gold' })).toBe('Enforce');
    expect(failureActionFor(actions, 'dev', {})).toBe('Audit');
  });

  it('of policies of one namespace have no others', () => {
    const actions = readFailureActions({}, { validationFailureActionOverrides: overrides }, 'Namespaced');
    expect(failureActionFor(actions, 'prod-1', {})).toBe('Audit');
  });
});

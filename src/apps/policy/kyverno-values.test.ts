// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseYamlDocument } from '../../formats/yaml.ts';
import { unmetValues, valuesFaults } from './check-values.ts';
import { noValues, readValues, ruleValues, statedOperation, subresourceOf, valuesFor } from './kyverno-values.ts';

const members = `
globalValues: {request.operation: UPDATE, team: blue}
policies:
  - name: p
    rules: [{name: r, values: {settings.data.a: x}, foreachValues: {image: [one, two]}}]
    resources: [{name: web, values: {team: red, request.operation: DELETE}}]
namespaceSelector: [{name: shop, labels: {tier: front}}]
subresources:
  - subresource: {name: deployments/scale, kind: Scale, group: autoscaling, version: v1}
    parentResource: {name: deployments, kind: Deployment, group: apps, version: v1}
`;
const values = read(members);

function valueOf(text: string): unknown {
  return parseYamlDocument(text, 'v.yaml').value;
}

function read(text: string) {
  return readValues(valueOf(text));
}

describe('a values file', () => {
  it('says the same with and without a spec', () => {
    const nested = `apiVersion: cli.kyverno.io/v1alpha1\nkind: Values\nspec:${members.replaceAll('\n', '\n  ')}`;

    expect(read(nested)).toEqual(values);
  });

  it('has values for every policy, and own ones over them', () => {
    expect(valuesFor(values, 'p', 'web')).toMatchObject({ team: 'red' });
    expect(valuesFor(values, 'other', 'web')).toMatchObject({ team: 'blue' });
  });

  it('has values for a rule and for those made from it, the first of a list for a loop', () => {
    expect(ruleValues(values, 'p', 'autogen-cronjob-r')).toEqual({ 'settings.data.a': 'x', image: 'one' });
    expect(ruleValues(values, 'p', 'other')).toBeUndefined();
  });

  it('says what is done with an object', () => {
    expect([statedOperation(values, 'web'), statedOperation(values, 'x'), statedOperation(noValues, 'x')]).toEqual([
      'DELETE',
      'UPDATE',
      undefined,
    ]);
  });

  it('says of which subresource an object is', () => {
    const scale = { apiVersion: 'autoscaling/v1', kind: 'Scale' };

    expect(subresourceOf(values, scale)).toEqual({
      name: 'scale',
      parent: { group: 'apps', version: 'v1', kind: 'Deployment' },
    });
    expect(subresourceOf(values, { apiVersion: 'v1', kind: 'Scale' })).toBeUndefined();
  });
});

describe('faults of a values file', () => {
  it.each([
    ['globalvalues: {a: b}', 'globalvalues is no member of a values file; did you mean globalValues?'],
    ['policies: {p: {}}', 'policies has to be a list'],
    ['policies: [{name: p, rule: []}]', 'policies[0].rule is no member of a values file; did you mean rules?'],
    ['spec: {globalValues: [a]}', 'spec.globalValues has to hold members'],
    ['kind: Test', 'it is of kind Test, not Values'],
    ['- a', 'it has to hold members'],
  ])('%s', (text, fault) => {
    expect(valuesFaults(valueOf(text))).toEqual([fault]);
  });

  it('are none where it is as it should be', () => {
    expect(valuesFaults(valueOf(members))).toEqual([]);
  });

  it('are names of policies and rules that are not there', () => {
    const policy = { metadata: { name: 'p' }, spec: { rules: [{ name: 'other' }] } };

    expect(unmetValues(values, [policy])).toEqual(['policy p has no rule r, which values are stated for']);
    expect(unmetValues(values, [])).toEqual(['there is no policy p, which values are stated for']);
  });
});

describe('whatever a values file holds', () => {
  const members = fc.constantFrom(
    'spec',
    'policies',
    'rules',
    'resources',
    'values',
    'globalValues',
    'namespaceSelector',
    'labels',
    'subresources',
    'name',
    '__proto__',
  );
  const { anything } = fc.letrec((tie) => ({
    anything: fc.oneof(
      { maxDepth: 5 },
      fc.constantFrom(null, 0, true, '', 'p', 'request.operation'),
      fc.array(tie('anything'), { maxLength: 3 }),
      fc.dictionary(members, tie('anything'), { maxKeys: 4 }),
    ),
  }));

  it('is read without an exception, and so are its faults', () => {
    fc.assert(
      fc.property(anything, (value) => {
        const read = readValues(value);
        valuesFaults(value);
        unmetValues(read, [{ metadata: { name: 'p' } }]);
        valuesFor(read, 'p', 'p');
        ruleValues(read, 'p', 'p');
        subresourceOf(read, { apiVersion: 'v1', kind: 'p' });
        statedOperation(read, 'p');
      }),
    );
  });
});

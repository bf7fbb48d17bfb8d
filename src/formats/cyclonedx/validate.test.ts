// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import type { Minor } from './notation.ts';
import { validateBom } from './validate.ts';

function faultsOf(members: object, minor: Minor = 6): string[] {
  const tree = { bomFormat: 'CycloneDX', specVersion: `1.${minor}`, version: 1, ...members };
  return validateBom(tree, minor).map((fault) => `${fault.path.join('.')}: ${fault.message}`);
}

function componentFaults(members: object, minor: Minor = 6): string[] {
  return faultsOf({ components: [{ type: 'library', name: 'a', version: '1', ...members }] }, minor).map((fault) =>
    fault.replace('components.0.', ''),
  );
}

describe('validation of the JSON form', () => {
  test('accepts a document with nothing but its head', () => {
    expect(faultsOf({})).toEqual([]);
  });

  test('names a member that is missing', () => {
    expect(faultsOf({ components: [{ type: 'library' }] })).toEqual(['components.0: lacks name']);
  });

  test('names a member that the version does not know', () => {
    expect(componentFaults({ tags: ['x'] }, 5)).toEqual(['tags: is not known in CycloneDX 1.5 JSON']);
    expect(componentFaults({ tags: ['x'] }, 6)).toEqual([]);
  });

  test('needs the version of a component until 1.3 only', () => {
    expect(componentFaults({ version: undefined }, 3)).toEqual(['components.0: lacks version']);
    expect(componentFaults({ version: undefined }, 4)).toEqual([]);
  });

  test('knows the words of each version', () => {
    expect(componentFaults({ type: 'cryptographic-asset' }, 5)[0]).toContain(
      'is not a classification of CycloneDX 1.5',
    );
    expect(componentFaults({ type: 'cryptographic-asset' }, 6)).toEqual([]);
  });

  test('checks the form of values', () => {
    expect(componentFaults({ hashes: [{ alg: 'SHA-1', content: 'zz' }] })[0]).toContain('is not a hash value');
    expect(faultsOf({ serialNumber: 'urn:uuid:NO' })[0]).toContain('is not a UUID');
    expect(faultsOf({ metadata: { timestamp: '2024-02-30T00:00:00Z' } })[0]).toContain('is not a date with time');
    expect(faultsOf({ metadata: { timestamp: '2024-02-29T00:00:00Z' } })).toEqual([]);
  });

  test('checks ids of licences against the SPDX list', () => {
    expect(componentFaults({ licenses: [{ license: { id: 'MIT' } }] })).toEqual([]);
    expect(componentFaults({ licenses: [{ license: { id: 'Mine' } }] })[0]).toContain('not the id of a licence');
    expect(componentFaults({ licenses: [{ license: {} }] })[0]).toContain('needs exactly one of id, name');
  });

  test('lets an expression stand beside other licences in 1.4 and 1.7, but not in between', () => {
    const licenses = [{ license: { id: 'MIT' } }, { expression: 'MIT OR ISC' }];

    expect(componentFaults({ licenses }, 4)).toEqual([]);
    expect(componentFaults({ licenses }, 6)).toEqual(['licenses: has expression beside other items']);
    expect(componentFaults({ licenses }, 7)).toEqual([]);
  });

  test('takes either form of the tools since 1.5', () => {
    const forms = [[{ name: 'a' }], { components: [{ type: 'library', name: 'a' }] }];

    expect(forms.map((tools) => faultsOf({ metadata: { tools } }, 5))).toEqual([[], []]);
    expect(faultsOf({ metadata: { tools: forms[1] } }, 4)).toEqual(['metadata.tools: is not a list']);
  });

  test('refuses the same component twice', () => {
    const component = { type: 'library', name: 'a', version: '1' };

    expect(faultsOf({ components: [component, { ...component }] })).toEqual(['components.1: is in the list twice']);
  });

  test('allows a version range for external components only', () => {
    const ranged = { version: undefined, versionRange: 'vers:npm/>=1' };

    expect(componentFaults({ ...ranged, isExternal: true }, 7)).toEqual([]);
    expect(componentFaults(ranged, 7)).toEqual(['components.0: has versionRange, which needs isExternal: true']);
  });

  test('does not throw for any kind of value', () => {
    for (const value of [null, 1, 'x', [], [null], { components: {} }, { components: [null, 1] }, { metadata: [] }]) {
      expect(validateBom(value, 6).length).toBeGreaterThan(0);
    }
  });
});

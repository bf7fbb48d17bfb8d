// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { builtInKind, builtInStructure, schemaOf } from './schema.ts';

describe('the schema of a built-in kind', () => {
  it('is found by group, version and kind', () => {
    const role = builtInKind({ group: 'rbac.authorization.k8s.io', version: 'v1', kind: 'Role' });

    expect(role?.name).toBe('rbac/v1.Role');
    expect(schemaOf({ apiVersion: 'v1', kind: 'Pod' })?.fields.get('spec')?.type).toMatchObject({
      kind: 'structure',
      name: 'core/v1.PodSpec',
    });
  });

  it('is not given for types that are no kinds, and for what is not built in', () => {
    expect(builtInKind({ group: '', version: 'v1', kind: 'PodSpec' })).toBeUndefined();
    expect(schemaOf({ apiVersion: 'example.com/v1', kind: 'Pod' })).toBeUndefined();
    expect(schemaOf({})).toBeUndefined();
  });

  it('says how lists, maps and structures are merged', () => {
    const spec = builtInStructure('core/v1.PodSpec')?.fields;
    const container = builtInStructure('core/v1.Container')?.fields;

    expect(spec?.get('volumes')).toMatchObject({
      list: 'map',
      keys: ['name'],
      mergeKey: 'name',
      strategies: ['retainKeys'],
    });
    expect(spec?.get('tolerations')).toMatchObject({ list: 'atomic', mergeKey: undefined });
    expect(spec?.get('nodeSelector')).toMatchObject({ isAtomic: true, type: { kind: 'map' } });
    expect(container?.get('ports')).toMatchObject({ keys: ['containerPort', 'protocol'], mergeKey: 'containerPort' });
    expect(builtInStructure('meta/v1.ObjectMeta')?.fields.get('finalizers')).toMatchObject({
      list: 'set',
      mergeKey: '',
    });
    expect(builtInStructure('meta/v1.LabelSelector')?.isAtomic).toBe(true);
  });
});

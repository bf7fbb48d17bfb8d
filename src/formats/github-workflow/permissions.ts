// SPDX-License-Identifier: Apache-2.0
// `permissions:` of a workflow or a job.
import type { YamlEntry, YamlMapping } from '../yaml-tree.ts';
import { entryOf } from '../yaml-tree.ts';
import type { ModelContext } from './text.ts';
import { wrongShape } from './text.ts';

export interface PermissionScope {
  /** `contents`, `id-token`, ... */
  readonly scope: string;
  readonly access: 'read' | 'write' | 'none' | 'unknown';
  readonly entry: YamlEntry;
}

export interface Permissions {
  readonly entry: YamlEntry;
  /** `scopes`: only those listed, none when the list is empty. */
  readonly grant: 'read-all' | 'write-all' | 'scopes';
  readonly scopes: readonly PermissionScope[];
}

export function readPermissions(node: YamlMapping, context: ModelContext): Permissions | undefined {
  const entry = entryOf(node, 'permissions');
  if (entry === undefined) return undefined;
  const { value } = entry;
  if (value.kind === 'mapping') {
    const scopes = value.entries.map((scope) => ({ scope: scope.key, access: accessOf(scope), entry: scope }));
    return { entry, grant: 'scopes', scopes };
  }
  if (value.kind === 'scalar' && (value.text === 'read-all' || value.text === 'write-all'))
    return { entry, grant: value.text, scopes: [] };
  if (value.kind !== 'scalar' || value.value !== null)
    wrongShape(context, value, 'permissions are read-all, write-all or a map of scopes');
  return undefined;
}

function accessOf(entry: YamlEntry): PermissionScope['access'] {
  const text = entry.value.kind === 'scalar' ? entry.value.text : '';
  return text === 'read' || text === 'write' || text === 'none' ? text : 'unknown';
}

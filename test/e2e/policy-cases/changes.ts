// SPDX-License-Identifier: Apache-2.0
// Policies of our own about updates and deletions.
import type { JsonObject } from '../../../src/formats/document.ts';
import { checks, shows } from './objects.ts';

export interface ChangeCase {
  readonly name: string;
  readonly operation: 'UPDATE' | 'DELETE';
  readonly operations?: readonly string[];
  readonly spec: JsonObject;
}

/** What is asked of a change of `settings`: its level goes from 7 to 8, or it is deleted. */
export const changeCases: readonly ChangeCase[] = [
  {
    name: 'compares with the old object',
    operation: 'UPDATE',
    spec: checks('object.data.level == oldObject.data.level'),
  },
  {
    name: 'shows what changes',
    operation: 'UPDATE',
    spec: shows("string(oldObject.data.level) + ' to ' + string(object.data.level)"),
  },
  {
    name: 'lets a smaller change pass',
    operation: 'UPDATE',
    spec: checks('int(object.data.level) - int(oldObject.data.level) <= 1'),
  },
  {
    name: 'knows the operation',
    operation: 'UPDATE',
    spec: shows("request.operation + ' ' + request.name + ' ' + request.options.kind"),
  },
  { name: 'is only about creations', operation: 'UPDATE', operations: ['CREATE'], spec: checks('false') },
  {
    name: 'sees the same identity',
    operation: 'UPDATE',
    spec: checks('object.metadata.uid != oldObject.metadata.uid'),
  },
  {
    name: 'sees the version',
    operation: 'UPDATE',
    spec: checks('object.metadata.resourceVersion != oldObject.metadata.resourceVersion'),
  },
  { name: 'has no object when one is deleted', operation: 'DELETE', spec: shows("object == null ? 'none' : 'some'") },
  { name: 'has the old object when one is deleted', operation: 'DELETE', spec: shows('string(oldObject.data.level)') },
  { name: 'fails on the object when one is deleted', operation: 'DELETE', spec: checks('object.data.level == "7"') },
  {
    name: 'knows how it is deleted',
    operation: 'DELETE',
    spec: shows("request.operation + ' ' + request.options.kind"),
  },
  { name: 'is about any operation', operation: 'DELETE', operations: ['*'], spec: checks('false') },
  { name: 'is not about deletions', operation: 'DELETE', operations: ['CREATE', 'UPDATE'], spec: checks('false') },
];

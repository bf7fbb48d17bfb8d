// SPDX-License-Identifier: Apache-2.0
// `container:` and `services:` of a job.
import type { YamlEntry, YamlMapping } from '../yaml-tree.ts';
import { entriesIn, entryOf, memberOf } from '../yaml-tree.ts';
import type { TextMap, WorkflowText } from './text.ts';
import { defined, readText, readTextMap, textOf } from './text.ts';

export interface Container {
  /** `container`, or the name of the service. */
  readonly name: string;
  readonly entry: YamlEntry;
  readonly image?: WorkflowText;
  readonly env?: TextMap;
  readonly credentials?: {
    readonly entry: YamlEntry;
    readonly username?: WorkflowText;
    readonly password?: WorkflowText;
  };
  readonly options?: WorkflowText;
}

export function readContainer(entry: YamlEntry | undefined): Container | undefined {
  if (entry === undefined) return undefined;
  const { key: name, value } = entry;
  if (value.kind !== 'mapping') return { name, entry, ...defined({ image: textOf(value, entry) }) };
  const credentials = entryOf(value, 'credentials');
  return {
    name,
    entry,
    ...defined({
      image: readText(value, 'image'),
      env: readTextMap(value, 'env'),
      options: readText(value, 'options'),
      credentials:
        credentials === undefined
          ? undefined
          : {
              entry: credentials,
              ...defined({
                username: readText(credentials.value, 'username'),
                password: readText(credentials.value, 'password'),
              }),
            },
    }),
  };
}

export function readServices(job: YamlMapping): readonly Container[] {
  return entriesIn(memberOf(job, 'services')).flatMap((entry) => readContainer(entry) ?? []);
}

// SPDX-License-Identifier: Apache-2.0
// Trivy only: names such as `key` and `email` stand in too many harmless configurations.
import { asObject } from '../../../formats/document.ts';
import { configMap } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';
import { holdsPersonalValue, isPersonalName, personalAssignments } from '../personal-names.ts';

export const configMapPersonalData = defineManifestCheck({
  id: 'config-map-personal-data',
  title: 'The ConfigMap holds data about people',
  aliases: ['KSV-01010'],
  profiles: ['trivy'],
  severity: 'medium',
  why: 'ConfigMaps are shown to many people and stand in backups; names, addresses and numbers of accounts do not belong there.',
  remediation: 'Move the values to a Secret or to the database of the program',
  urls: ['https://kubernetes.io/docs/concepts/configuration/configmap/'],
  example: { good: configMap('color: blue'), bad: configMap('username: jane') },
  kinds: ['ConfigMap'],
  run: ({ object }) => {
    const found = Object.entries(asObject(object['data']) ?? {}).flatMap(([key, value]) => {
      const text = typeof value === 'string' ? value : '';
      const names = isPersonalName(key) || holdsPersonalValue(text) ? [key] : personalAssignments(text);
      return names.slice(0, 20).map((name) => ({ name, at: ['data', key] }));
    });
    const [first] = found;
    if (first === undefined) return [];
    const names = found.slice(0, 20).map(({ name }) => name);
    return [{ message: `the ConfigMap holds personal data by their names: ${names.join(', ')}`, at: first.at }];
  },
});

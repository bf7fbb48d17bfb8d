// SPDX-License-Identifier: Apache-2.0
import { asObject } from '../../../formats/document.ts';
import { configMap } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';
import { isSecretName, secretAssignments } from '../secret-names.ts';

export const configMapSecret = defineManifestCheck({
  id: 'config-map-secret',
  title: 'The ConfigMap holds secrets',
  aliases: ['KSV-0109'],
  profiles: ['landwaiter', 'trivy'],
  severity: 'high',
  why: 'ConfigMaps are shown to more people than Secrets, are not encrypted and stand in backups.',
  remediation: 'Move the values to a Secret that comes from a secret store',
  urls: ['https://kubernetes.io/docs/concepts/configuration/secret/'],
  example: {
    good: configMap('config: REDIS_PASSWORD=${REDIS_PASSWORD}'),
    bad: configMap('config: REDIS_PASSWORD=correct-horse'),
  },
  kinds: ['ConfigMap'],
  run: ({ object }) => {
    const found = Object.entries(asObject(object['data']) ?? {}).flatMap(([key, value]) => {
      if (typeof value !== 'string') return [];
      const names = isSecretName(key) ? [key] : secretAssignments(value);
      return names.slice(0, 20).map((name) => ({ name, at: ['data', key] }));
    });
    const [first] = found;
    if (first === undefined) return [];
    const names = found.slice(0, 20).map(({ name }) => name);
    return [{ message: `the ConfigMap holds secrets by their names: ${names.join(', ')}`, at: first.at }];
  },
});

// SPDX-License-Identifier: Apache-2.0
import { asArray, asObject, asString } from '../../../formats/document.ts';
import { podWithContainer } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';
import { isPlaceholder, isSecretName } from '../secret-names.ts';
import { podTemplateOf } from '../workload.ts';

/** A path, an address or a number says where a credential is or how long it lasts, and is none. */
function isDescription(value: string): boolean {
  return /^(?:\.{0,2}\/|[a-z][a-z0-9+.-]{0,20}:\/\/[^@]{0,500}$|[0-9]{1,9}(?:ms|[smhd])?$)/i.test(value);
}

export const credentialInEnvironment = defineManifestCheck({
  id: 'credential-in-environment',
  title: 'A credential is written into an environment variable',
  aliases: ['C-0012'],
  profiles: ['landwaiter'],
  severity: 'high',
  why: 'Whoever reads the manifest, the repository or the object in the cluster has the credential.',
  remediation:
    'Put the value into a Secret that comes from a secret store, and mount it or refer to it with secretKeyRef',
  urls: ['https://kubernetes.io/docs/concepts/configuration/secret/'],
  example: {
    good: podWithContainer(
      'env:',
      '  - { name: DB_PASSWORD, valueFrom: { secretKeyRef: { name: db, key: password } } }',
      '  - { name: DB_PASSWORD_FILE, value: /run/secrets/db }',
      '  - { name: ACCESS_TOKEN, value: /run/secrets/token }',
    ),
    bad: podWithContainer('env: [{ name: DB_PASSWORD, value: correct-horse }]'),
  },
  run: (resource) =>
    (podTemplateOf(resource)?.containers ?? []).flatMap(({ name, container, at }) =>
      asArray(container['env']).flatMap((item, index) => {
        const variable = asString(asObject(item)?.['name']) ?? '';
        const value = asString(asObject(item)?.['value']) ?? '';
        if (!isSecretName(variable) || isPlaceholder(value) || isDescription(value)) return [];
        const message = `the container ${name} has the value of ${variable} in the manifest`;
        return [{ message, at: [...at, 'env', index, 'value'] }];
      }),
    ),
});

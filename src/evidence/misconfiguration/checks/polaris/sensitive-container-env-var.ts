// SPDX-License-Identifier: Apache-2.0
import { asArray, asObject, asString } from '../../../../formats/document.ts';
import { deployment } from '../../example-manifests.ts';
import { defineManifestCheck } from '../../manifest-check.ts';
import { holdsPrivateKey, isSensitiveName } from '../../polaris/security.ts';
import { perPolarisContainer } from '../../polaris/view.ts';

export const polarisSensitiveContainerEnvVar = defineManifestCheck({
  id: 'polaris-sensitive-container-env-var',
  title: 'A credential is written into an environment variable',
  aliases: ['polaris/sensitiveContainerEnvVar'],
  profiles: ['polaris'],
  severity: 'high',
  why: 'Whoever reads the manifest or the repository has the credential.',
  remediation: 'Put the value into a Secret and refer to it, or fetch it from a vault',
  urls: ['https://kubernetes.io/docs/concepts/configuration/secret/'],
  example: {
    good: deployment({
      container: ['env: [{ name: DB_PASSWORD, valueFrom: { secretKeyRef: { name: db, key: password } } }]'],
    }),
    bad: deployment({ container: ['env: [{ name: DB_PASSWORD, value: example }]'] }),
  },
  run: perPolarisContainer(({ name, container, at }) => {
    const index = asArray(container['env']).findIndex((item) => {
      const variable = asObject(item);
      const value = asString(variable?.['value']);
      if (variable === undefined || value === undefined) return false;
      if (asObject(variable['valueFrom']) !== undefined) return false;
      return isSensitiveName(asString(variable['name']) ?? '') || holdsPrivateKey(value);
    });
    if (index === -1) return undefined;
    const variable = asString(asObject(asArray(container['env'])[index])?.['name']) ?? '';
    return { message: `the container ${name} has the value of ${variable} in the manifest`, at: [...at, 'env', index] };
  }),
});

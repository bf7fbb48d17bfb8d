// SPDX-License-Identifier: Apache-2.0
import { entriesOf } from '../../../../formats/document.ts';
import { configMap } from '../../example-manifests.ts';
import { defineManifestCheck } from '../../manifest-check.ts';
import { holdsPrivateKey, isSensitiveName } from '../../polaris/security.ts';

export const polarisSensitiveConfigmapContent = defineManifestCheck({
  id: 'polaris-sensitive-configmap-content',
  title: 'A ConfigMap holds a credential',
  aliases: ['polaris/sensitiveConfigmapContent'],
  profiles: ['polaris'],
  severity: 'high',
  why: 'ConfigMaps are readable for many and not encrypted at rest.',
  remediation: 'Put the value into a Secret, or fetch it from a vault',
  urls: ['https://kubernetes.io/docs/concepts/configuration/secret/'],
  example: {
    good: configMap('mode: fast'),
    bad: configMap('password: example'),
  },
  kinds: ['ConfigMap'],
  run: ({ object }) =>
    entriesOf(object['data']).flatMap(([key, value]) =>
      isSensitiveName(key) || (typeof value === 'string' && holdsPrivateKey(value))
        ? [{ message: `the entry ${key} looks like a credential`, at: ['data', key] }]
        : [],
    ),
});

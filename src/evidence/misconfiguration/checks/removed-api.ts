// SPDX-License-Identifier: Apache-2.0
import { defineManifestCheck } from '../manifest-check.ts';
import { removalOf } from '../removed-apis.ts';

export const removedApi = defineManifestCheck({
  id: 'removed-api',
  title: 'Uses an API version that is gone',
  aliases: ['KSV-0107'],
  profiles: ['landwaiter', 'trivy'],
  severity: 'low',
  why: 'A cluster of a newer version refuses the object, often in the middle of an upgrade.',
  remediation: 'Move the object to the API version that replaced it',
  urls: ['https://kubernetes.io/docs/reference/using-api/deprecation-guide/'],
  example: {
    good: 'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\n',
    bad: 'apiVersion: extensions/v1beta1\nkind: Deployment\nmetadata: { name: web }\n',
  },
  run: ({ apiVersion, kind }) => {
    const removal = removalOf(apiVersion, kind);
    if (removal === undefined) return [];
    const instead = removal.replacement === undefined ? 'nothing replaces it' : `use ${removal.replacement}`;
    const message = `${apiVersion} ${kind} was removed in Kubernetes ${removal.version}: ${instead}`;
    return [{ message, at: ['apiVersion'] }];
  },
});

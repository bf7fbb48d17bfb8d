// SPDX-License-Identifier: Apache-2.0
import { sortedKeysTemplate } from '../../kube-linter/object-templates.ts';
import { builtIn } from '../../kube-linter/template.ts';
import { defineManifestCheck } from '../../manifest-check.ts';

export const kubeLinterSortedKeys = defineManifestCheck({
  id: 'kube-linter-sorted-keys',
  title: 'Keys are not in alphabetical order',
  aliases: ['kube-linter/sorted-keys'],
  profiles: ['kube-linter'],
  severity: 'negligible',
  why: 'Sorted keys make differences between versions small.',
  remediation: 'Sort the keys',
  urls: [],
  example: {
    good: `apiVersion: v1
kind: ConfigMap
metadata:
  name: web
  namespace: shop
`,
    bad: `kind: ConfigMap
apiVersion: v1
metadata:
  name: web
`,
  },
  run: builtIn(sortedKeysTemplate, 'kube-linter-sorted-keys', { recursive: true }),
});

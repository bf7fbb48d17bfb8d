// SPDX-License-Identifier: Apache-2.0
import { asObject, asString } from '../../../formats/document.ts';
import { bindingWith } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';
import { bindingKinds, rbacGoodPractices } from '../rbac-rules.ts';

const administrators: readonly string[] = ['cluster-admin', 'admin', 'edit'];

export const bindingAdministrator = defineManifestCheck({
  id: 'binding-administrator',
  title: 'A role of administrators is bound',
  aliases: ['CIS-5.1.1', 'KSV-0111'],
  profiles: ['landwaiter', 'trivy'],
  severity: 'medium',
  why: 'cluster-admin, admin and edit include Secrets and Pods with every service account.',
  remediation: 'Bind a role with the rights that are needed',
  urls: [rbacGoodPractices],
  example: { good: bindingWith('view', 'User', 'jane'), bad: bindingWith('cluster-admin', 'User', 'jane') },
  kinds: bindingKinds,
  run: ({ object }) => {
    const name = asString(asObject(object['roleRef'])?.['name']) ?? '';
    if (!administrators.includes(name)) return [];
    return [{ message: `it binds the role ${name}`, at: ['roleRef', 'name'] }];
  },
});

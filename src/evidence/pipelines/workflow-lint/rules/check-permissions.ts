// SPDX-License-Identifier: Apache-2.0
// `permissions`: only scopes and values there are. Whether they are too wide is asked elsewhere.
import { quotedList } from '../fault.ts';
import type { LintContext } from '../lint-context.ts';
import { permissionScopes } from '../tables/permission-scopes.ts';
import type { Permissions } from '../workflow.ts';

export function checkPermissions(context: LintContext): void {
  check(context, context.workflow.permissions);
  for (const { value: job } of context.workflow.jobs.values()) check(context, job.permissions);
}

function check({ report }: LintContext, permissions: Permissions | undefined): void {
  const { all, scopes } = permissions ?? { scopes: new Map<string, never>() };
  if (all !== undefined && all.value !== 'read-all' && all.value !== 'write-all')
    report({
      kind: 'permissions',
      message: `${JSON.stringify(all.value)} is invalid for permission for all the scopes. available values are "read-all", "write-all" or {}`,
      offset: all.offset,
    });
  for (const { name, value } of scopes.values()) {
    const allowed = permissionScopes.get(name.value);
    if (allowed === undefined) {
      const message = `unknown permission scope ${JSON.stringify(name.value)}. all available permission scopes are ${quotedList(permissionScopes.keys())}`;
      report({ kind: 'permissions', message, offset: name.offset });
    } else if (!allowed.includes(value.value)) {
      const list = allowed.map((item) => JSON.stringify(item)).join(', ');
      const message = `${JSON.stringify(value.value)} is invalid as permission of scope ${JSON.stringify(name.value)}. available values are ${list}`;
      report({ kind: 'permissions', message, offset: value.offset });
    }
  }
}

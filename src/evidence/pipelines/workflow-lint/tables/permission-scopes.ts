// SPDX-License-Identifier: Apache-2.0
// Scopes of the job's token, with what each may be set to (docs.github.com, "Workflow syntax", permissions).

const readWrite = ['read', 'write', 'none'];

export const permissionScopes: ReadonlyMap<string, readonly string[]> = new Map([
  ['actions', readWrite],
  ['artifact-metadata', readWrite],
  ['attestations', readWrite],
  ['checks', readWrite],
  ['contents', readWrite],
  ['deployments', readWrite],
  ['discussions', readWrite],
  ['id-token', ['write', 'none']],
  ['issues', readWrite],
  ['models', ['read', 'none']],
  ['packages', readWrite],
  ['pages', readWrite],
  ['pull-requests', readWrite],
  ['repository-projects', readWrite],
  ['security-events', readWrite],
  ['statuses', readWrite],
]);

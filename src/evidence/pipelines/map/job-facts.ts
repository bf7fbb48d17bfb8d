// SPDX-License-Identifier: Apache-2.0
// What the map says of a job: runner, rights, identity, and which of its secrets a run can read.
import type { Location } from '../../../model/location.ts';
import { formatLocation } from '../../../model/location.ts';
import type { Job, Permissions, Pipeline, SecretUse, Step } from '../pipeline.ts';

/** Secrets that stand only in steps which do not run. */
export function unreadSecrets(job: Job, running: readonly Step[]): readonly string[] {
  const read = new Set(running.flatMap((step) => step.secrets.map(({ name }) => name)));
  const inSteps = new Set(job.steps.flatMap((step) => step.secrets.map(({ location }) => formatLocation(location))));
  return job.secrets
    .filter(({ name, location }) => !read.has(name) && inSteps.has(formatLocation(location)))
    .map(secretId);
}

/** Contexts and variable groups are no secrets of the repository, even where they are called alike. */
export function secretId({ source, name }: SecretUse): string {
  return `secret:${source === 'context' ? 'context ' : source === 'variable-group' ? 'group ' : ''}${name}`;
}

/** Where write access comes from: scopes that change what others run. */
export function writeToken({ permissions: wide, system }: Pipeline, job: Job): Location | undefined {
  const permissions = job.permissions ?? wide;
  if (system !== 'github-actions' || permissions === undefined) return undefined;
  const scopes = ['contents', 'packages', 'actions', 'deployments', 'pages'];
  const isWide = permissions.rest === 'write' || scopes.some((scope) => permissions.scopes.get(scope) === 'write');
  return isWide ? permissions.location : undefined;
}

export function factsOf(pipeline: Pipeline, job: Job): Readonly<Record<string, string>> {
  const facts: Record<string, string> = { pipeline: pipeline.path };
  const { kind, labels } = job.runner;
  facts['runner'] = labels.length === 0 ? kind : `${kind}: ${labels.join(', ')}`;
  const permissions = permissionWords(job.permissions ?? pipeline.permissions);
  if (pipeline.system === 'github-actions') facts['permissions'] = permissions;
  if (job.environment !== undefined) facts['environment'] = job.environment.name;
  if (job.oidc !== undefined) facts['subject'] = job.oidc.subject;
  return facts;
}

function permissionWords(permissions: Permissions | undefined): string {
  if (permissions === undefined) return 'default';
  if (permissions.rest !== 'none') return `${permissions.rest} all`;
  const scopes = [...permissions.scopes]
    .filter(([, access]) => access !== 'none')
    .map(([scope, access]) => `${scope} ${access}`);
  return scopes.length === 0 ? 'none' : scopes.join(', ');
}

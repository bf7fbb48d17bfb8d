// SPDX-License-Identifier: Apache-2.0
// What counts as pinned: a name that stands for the same bytes for ever.
import type { ComponentUse } from './pipeline.ts';

export function isCommit(version: string | undefined): boolean {
  return version !== undefined && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i.test(version);
}

export function isPinnedImage(text: string): boolean {
  return /@sha256:[0-9a-f]{64}$/i.test(text.trim());
}

/** true also for what cannot be pinned by a reader of the file: expressions, and what stands in the same repository. */
export function isPinnedComponent(component: ComponentUse): boolean {
  if (component.isLocal) return true;
  const { kind, version, text } = component;
  if (kind === 'image') return isPinnedImage(text);
  if (kind === 'orb' || kind === 'task')
    return isExactVersion(version) || isCommit(version) || /@?sha256:[0-9a-f]{64}/.test(text);
  if (component.facts?.['include'] === 'remote') return component.facts['integrity'] !== undefined;
  return isCommit(version);
}

function isExactVersion(version: string | undefined): boolean {
  return version !== undefined && /^v?[0-9]{1,9}\.[0-9]{1,9}\.[0-9]{1,9}(?:[-+][\w.-]{1,60})?$/.test(version);
}

/** `owner/repository` of `owner/repository/path`, in lower case. */
export function actionSlugOf(name: string): string {
  return name.split('/').slice(0, 2).join('/').toLowerCase();
}

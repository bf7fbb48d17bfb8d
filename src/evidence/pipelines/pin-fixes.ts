// SPDX-License-Identifier: Apache-2.0
// Fixes that pin: a tag is replaced by the commit or digest the lock file has for it, with the tag in a comment or before the digest. And what there is to pin.
import type { PinLock } from '../../formats/pin-lock.ts';
import type { Fix } from '../../model/text-edit.ts';
import { actionSlugOf, isCommit, isPinnedImage } from './pinned.ts';
import type { ComponentUse, ImageUse, Pipeline } from './pipeline.ts';
import { replacementOnLine } from './text-fixes.ts';

interface PinContext {
  readonly lock?: PinLock;
  readonly textAt: (path: string) => string | undefined;
}

export function pinComponent(component: ComponentUse, { lock, textAt }: PinContext): Fix | undefined {
  const { version, text, location } = component;
  if (
    lock === undefined ||
    version === undefined ||
    (component.kind !== 'action' && component.kind !== 'reusable-workflow')
  )
    return undefined;
  const commit = lock.actions.get(actionPinKey(component));
  if (commit === undefined) return undefined;
  return replacementOnLine(textAt(location.path), {
    location,
    old: text,
    text: `${text.slice(0, text.length - version.length)}${commit}`,
    comment: version,
    title: `Pin ${text} to its commit`,
  });
}

export function pinImage(image: ImageUse, { lock, textAt }: PinContext): Fix | undefined {
  const digest = lock?.images.get(image.text);
  if (digest === undefined) return undefined;
  return replacementOnLine(textAt(image.location.path), {
    location: image.location,
    old: image.text,
    text: `${image.text}@${digest}`,
    title: `Pin ${image.text} to its digest`,
  });
}

/** Key of an action in the lock file. */
export function actionPinKey({ name, version }: ComponentUse): string {
  return `${actionSlugOf(name)}@${version ?? ''}`;
}

export interface Pinnable {
  /** Keys of actions, `owner/repository@ref`. */
  readonly actions: readonly string[];
  /** Names of images as written. */
  readonly images: readonly string[];
}

/** Everything in the pipelines that a lock file can pin and that is not pinned yet. */
export function pinnableOf(pipelines: readonly Pipeline[]): Pinnable {
  const actions = new Set<string>();
  const images = new Set<string>();
  for (const { jobs, system } of pipelines) {
    for (const job of jobs) {
      for (const component of [job.calls, ...job.steps.map((step) => step.component)]) {
        if (
          component === undefined ||
          system !== 'github-actions' ||
          component.isLocal ||
          component.version === undefined ||
          isCommit(component.version)
        )
          continue;
        if (
          /^[\w.-]{1,100}\/[\w.-]{1,100}(?:\/|$)/.test(component.name) &&
          /^[\w.][\w./-]{0,200}$/.test(component.version)
        )
          actions.add(actionPinKey(component));
      }
      for (const { text } of [...job.images, ...job.steps.flatMap(({ image }) => image ?? [])])
        if (text.trim() !== '' && !/[$<{\s]/.test(text) && !isPinnedImage(text)) images.add(text);
    }
  }
  return { actions: [...actions].sort(), images: [...images].sort() };
}

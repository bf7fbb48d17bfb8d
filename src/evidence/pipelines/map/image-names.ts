// SPDX-License-Identifier: Apache-2.0
// Which images a step pushes, as far as its text tells: names with the variables of the file put in, the rest as wildcards.
import type { Location } from '../../../model/location.ts';
import type { Job, Pipeline, Step, Variable } from '../pipeline.ts';

export interface PushedImage {
  /** Registry and repository; `*` for what is not known. */
  readonly repository: string;
  readonly tag?: string;
  readonly location: Location;
}

const longest = 100_000;

export function imagesPushedBy(step: Step, job: Job, pipeline: Pipeline): readonly PushedImage[] {
  const variables = [...pipeline.variables, ...job.variables, ...step.variables];
  const found: PushedImage[] = [];
  const add = (text: string, location: Location): void => {
    const image = splitImage(fill(text, variables));
    if (
      image !== undefined &&
      !found.some(({ repository, tag }) => repository === image.repository && tag === image.tag)
    )
      found.push({ ...image, location });
  };
  const { component, script } = step;
  const name = component?.name.toLowerCase() ?? '';
  if (name === 'docker/build-push-action' || name === 'redhat-actions/push-to-registry' || name === 'docker') {
    for (const [key, { text, location }] of component?.inputs ?? [])
      if (/^(?:tags|image|repository|registry-image)$/i.test(key))
        for (const tag of fill(text, variables).split(/[\s,]+/)) if (tag !== '') add(tag, location);
  }
  if (script === undefined) return found;
  const text = script.text.slice(0, longest).replace(/\\\r?\n\s*/g, ' ');
  const words = String.raw`((?:[^\s"'|;&<>]|\$\{\{[^}]{0,100}\}\})+)`;
  for (const source of [
    String.raw`\b(?:docker(?: image)?|buildah|podman|crane|helm) push (?:-{1,2}[\w-]{1,30}(?:[= ][^\s-][^\s]{0,100})? ){0,4}["']?${words}`,
    String.raw`--destination[= ]["']?${words}`,
    String.raw`\bskopeo copy [^\n]{0,300} docker:\/\/["']?${words}`,
  ])
    for (const match of text.matchAll(new RegExp(source, 'g'))) add(match[1] ?? '', script.location);
  if (/\bdocker (?:buildx )?build\b[^\n]{0,1000}--push\b/.test(text))
    for (const match of text.matchAll(new RegExp(String.raw`(?:^|\s)(?:-t|--tag)[= ]["']?${words}`, 'g')))
      add(match[1] ?? '', script.location);
  return found;
}

/** Variables of the file are put in, others become `*`. */
function fill(text: string, variables: readonly Variable[]): string {
  const valueOf = (name: string): string | undefined =>
    variables.findLast((variable) => variable.name.toLowerCase() === name.toLowerCase())?.value;
  let filled = text.slice(0, 5000);
  for (let round = 0; round < 4 && /[$]/.test(filled); round += 1) {
    filled = filled
      .replace(/\$\{\{\s{0,5}(?:env|vars)\.(\w{1,100})\s{0,5}\}\}/g, (_, name: string) => valueOf(name) ?? '*')
      .replace(/\$\{\{[^}]{0,200}\}\}/g, '*')
      .replace(/\$\(([\w.]{1,100})\)/g, (_, name: string) => valueOf(name) ?? '*')
      .replace(
        /\$\{(\w{1,100})[^}]{0,100}\}|\$(\w{1,100})/g,
        (_, braced: string | undefined, plain: string | undefined) => valueOf(braced ?? plain ?? '') ?? '*',
      );
  }
  return filled.replace(/["'$]/g, '');
}

function splitImage(text: string): Omit<PushedImage, 'location'> | undefined {
  const name = text.replace(/^oci:\/\//, '').split('@')[0] ?? '';
  if (name === '' || name === '*' || name.startsWith('-') || !/^[\w.*:/-]{1,400}$/.test(name)) return undefined;
  const colon = name.lastIndexOf(':');
  const hasTag = colon > name.lastIndexOf('/');
  return hasTag ? { repository: name.slice(0, colon), tag: name.slice(colon + 1) } : { repository: name };
}

/** Repository of an image as a manifest names it. */
export function repositoryOf(image: string): string {
  return splitImage(image)?.repository ?? image;
}

/** The same repository; a `*` stands for anything, but the last part must be known on both sides. */
export function sameRepository(pushed: string, used: string): boolean {
  if (pushed === used) return true;
  const last = (name: string): string => name.slice(name.lastIndexOf('/') + 1);
  if (last(pushed) !== last(used) || last(pushed).includes('*')) return false;
  if (!pushed.includes('*')) return pushed.endsWith(`/${used}`) || used.endsWith(`/${pushed}`);
  const [head = ''] = pushed.split('*');
  return used.startsWith(head);
}

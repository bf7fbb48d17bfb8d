// SPDX-License-Identifier: Apache-2.0
// Which images a step pushes, as far as its text tells: names with the variables of the file put in, the rest as wildcards.
import type { Location } from '../../../model/location.ts';
import type { Job, Pipeline, Step, Variable } from '../pipeline.ts';

export interface PushedImage {
  /** Registry and repository; `*` for what is not known. */
  readonly repository: string;
  readonly tag?: string;
  /** For people: as written where a part is not known. */
  readonly label: string;
  readonly location: Location;
}

/** What systems set: the registry of the project, whose address only the server knows. */
const predefined: readonly (readonly [name: string, value: string])[] = [
  ['CI_REGISTRY_IMAGE', 'registry.*/*'],
  ['CI_REGISTRY', 'registry.*'],
];

const longest = 100_000;

export function imagesPushedBy(step: Step, job: Job, pipeline: Pipeline): readonly PushedImage[] {
  const location = step.location;
  const variables = [
    ...predefined.map(([name, value]) => ({ name, value, location })),
    ...pipeline.variables,
    ...job.variables,
    ...step.variables,
    ...assignmentsIn(step),
  ];
  const found: PushedImage[] = [];
  const add = (text: string, place: Location): void => {
    const image = splitImage(fill(text, variables));
    if (
      image !== undefined &&
      !found.some(({ repository, tag }) => repository === image.repository && tag === image.tag)
    )
      found.push({ ...image, label: labelOf(image, text), location: place });
  };
  const { component, script } = step;
  const name = component?.name.toLowerCase() ?? '';
  if (name === 'docker/build-push-action' || name === 'redhat-actions/push-to-registry' || name === 'docker') {
    for (const [key, input] of component?.inputs ?? []) {
      if (!/^(?:tags|image|repository|registry-image)$/i.test(key)) continue;
      for (const tag of [...wordsOf(input.text), ...computedNames(input.text, job)]) add(tag, input.location);
    }
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

/** Words of a list; blanks in expressions do not part them. */
function wordsOf(text: string): readonly string[] {
  const joined = text.slice(0, longest).replace(/\$\{\{[^}]{0,200}\}\}/g, (part) => part.replace(/\s/g, ''));
  return joined.split(/[\s,]+/).filter((word) => word !== '');
}

/** `${{ steps.meta.outputs.tags }}` of docker/metadata-action: the images that step names. */
function computedNames(text: string, job: Job): readonly string[] {
  const id = /\bsteps\.([\w-]{1,100})\.outputs\.tags\b/.exec(text.slice(0, 5000))?.[1];
  const step = id === undefined ? undefined : job.steps.find((item) => item.id === id);
  if (step?.component?.name.toLowerCase() !== 'docker/metadata-action') return [];
  return wordsOf(step.component.inputs.get('images')?.text ?? '').map((name) => name.replace(/^name=/, ''));
}

/** `NAME=value` in the script itself. */
function assignmentsIn({ script }: Step): readonly Variable[] {
  if (script === undefined) return [];
  const pattern = /^[ \t]{0,40}(?:export[ \t]{1,5})?([A-Za-z_]\w{0,60})=["']?([^\s"'`;&|]{1,300})/gm;
  return [...script.text.slice(0, longest).matchAll(pattern)].map((match) => ({
    name: match[1] ?? '',
    value: match[2] ?? '',
    location: script.location,
  }));
}

function labelOf({ repository, tag }: Pick<PushedImage, 'repository' | 'tag'>, written: string): string {
  if (repository.includes('*')) return written.replace(/["']/g, '').slice(0, 200);
  return tag === undefined ? repository : `${repository}:${tag}`;
}

function splitImage(text: string): Pick<PushedImage, 'repository' | 'tag'> | undefined {
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

/**
 * The repository among those that workloads use which a pushed one can be, where its last part is not known (`ghcr.io/${{ github.repository }}`):
 * only when no other fits.
 */
export function onlyFitting(pushed: string, used: readonly string[]): string | undefined {
  const [head = ''] = pushed.split('*');
  if (!pushed.slice(pushed.lastIndexOf('/') + 1).includes('*') || head.length < 4) return undefined;
  const fitting = [...new Set(used.filter((name) => name.startsWith(head)))];
  return fitting.length === 1 ? fitting[0] : undefined;
}

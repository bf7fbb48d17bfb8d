// SPDX-License-Identifier: Apache-2.0
// `matchImageReferences` of an ImageValidatingPolicy: which images it is about. Globs are those of github.com/gobwas/glob without separators: `*` and `?`
// cross slashes, `[a-z]`, `[!a]` and `{a,b}` are known. Stricter than Kyverno, which looks at an image only as it is written: here all names of an image
// count, so that nobody gets past `docker.io/team/*` with `team/app`, or past `*:v1` with a digest behind the tag.
import type { DocumentPath } from '../../../formats/document.ts';
import { asArray, asObject, asString } from '../../../formats/document.ts';
import { defaultRegistry, parseReference } from '../../../formats/oci/reference.ts';
import { compileRe2 } from '../../../formats/re2.ts';
import { callCostLimit, kubernetesEnvironment } from '../../cel/kubernetes.ts';
import { dynType, stringType } from '../../cel/types.ts';
import { CelError } from '../../cel/values.ts';
import { parseImageInfo } from '../../image-info.ts';
import type { CelPolicyCompiler } from './core.ts';
import { imageLibrary, imageParts } from './image-library.ts';

/** Whether a policy is about an image as it is written; an error where an expression cannot tell. */
export type ImageMatcher = (image: string) => boolean | CelError;

/** Kyverno calls the image `ref`; its documentation also shows `image` with parts. */
const environment = kubernetesEnvironment({
  variables: [
    { name: 'ref', type: stringType },
    { name: 'image', type: dynType },
  ],
  libraries: [imageLibrary],
});

/** Without entries: every image. Faults gather in the compiler. */
export function compileImageMatcher(list: unknown, path: DocumentPath, compiler: CelPolicyCompiler): ImageMatcher {
  const matchers = asArray(list).flatMap((item, index): readonly ImageMatcher[] => {
    const entry = asObject(item) ?? {};
    const at = [...path, index];
    const [glob, expression] = [asString(entry['glob']), asString(entry['expression'])];
    if ((glob === undefined) === (expression === undefined)) {
      compiler.refuse('exactly one of glob and expression is required', at);
      return [];
    }
    if (glob !== undefined) return globMatcher(glob, [...at, 'glob'], compiler);
    const program = compiler.program(expression, environment, [...at, 'expression']);
    if (program === undefined) return [];
    return [
      (image) => {
        const { value } = program.evaluateSlots([image, { ...imageParts(image), name: image }], callCostLimit);
        if (typeof value === 'boolean') return value;
        return value instanceof CelError ? value : new CelError('matchImageReferences: an expression must give a bool');
      },
    ];
  });
  if (matchers.length === 0) return () => true;
  return (image) => {
    let fault: CelError | undefined;
    for (const matches of matchers) {
      const answer = matches(image);
      if (answer === true) return true;
      if (answer instanceof CelError) fault ??= answer;
    }
    return fault ?? false;
  };
}

function globMatcher(glob: string, path: DocumentPath, compiler: CelPolicyCompiler): readonly ImageMatcher[] {
  const expression = globExpression(glob);
  const compiled = expression === undefined ? undefined : compileRe2(expression);
  if (compiled?.kind !== 'pattern') {
    compiler.refuse('not a glob: a bracket is left open', path);
    return [];
  }
  const { pattern } = compiled;
  return [(image) => namesOf(image).some((name) => pattern.testExact(name))];
}

/** As RE2 for the whole text; undefined when a bracket is left open. */
export function globExpression(glob: string): string | undefined {
  let text = '(?s)';
  let depth = 0;
  for (let at = 0; at < glob.length; at += 1) {
    const character = glob.charAt(at);
    if (character === '*') text += '.*';
    else if (character === '?') text += '.';
    else if (character === '{') [text, depth] = [`${text}(?:`, depth + 1];
    else if (character === '}' && depth > 0) [text, depth] = [`${text})`, depth - 1];
    else if (character === ',' && depth > 0) text += '|';
    else if (character === '[') {
      const end = glob.indexOf(']', at + 2);
      if (end === -1) return undefined;
      const inside = glob.slice(at + 1, end);
      const isNegated = inside.startsWith('!');
      const members = (isNegated ? inside.slice(1) : inside).replaceAll(/[\\[\]^&~]/g, String.raw`\$&`);
      text += `[${isNegated ? '^' : ''}${members}]`;
      at = end;
    } else if (character === '\\' && at + 1 < glob.length) {
      at += 1;
      text += escaped(glob.charAt(at));
    } else text += escaped(character);
  }
  return depth === 0 ? text : undefined;
}

function escaped(character: string): string {
  return character.replace(/[\\^$.|+()[\]{}*?]/, String.raw`\$&`);
}

/** As it is written, and as everybody else may write it: with the registry that is meant, with and without tag, digest and the port of HTTPS. */
export function namesOf(image: string): readonly string[] {
  const names = new Set([image]);
  const info = parseImageInfo(image);
  if (info !== undefined) for (const name of [info.reference, info.referenceWithTag]) names.add(name);
  const parsed = parseReference(image);
  if (parsed.kind === 'reference') {
    const { registry, repository, tag, digest } = parsed.reference;
    const hosts = [registry, ...(registry.endsWith(':443') ? [registry.slice(0, -':443'.length)] : [])];
    if (registry === defaultRegistry) hosts.push(`index.${registry}`, `registry-1.${registry}`);
    const paths = [repository, ...(registry === defaultRegistry ? [repository.replace(/^library\//, '')] : [])];
    for (const host of hosts)
      for (const path of paths) {
        const place = `${host}/${path}`;
        if (tag !== undefined || digest === undefined) names.add(`${place}:${tag ?? 'latest'}`);
        if (digest !== undefined) names.add(`${place}@${digest}`);
        if (tag !== undefined && digest !== undefined) names.add(`${place}:${tag}@${digest}`);
        if (tag === undefined && digest === undefined) names.add(place);
      }
  }
  return [...names];
}

// SPDX-License-Identifier: Apache-2.0
// Digests in the place of tags: what was verified is what runs only when the workload names it by digest. Policy-controller does the same before it verifies
// (pkg/webhook, ResolvePodSpec); here images that stood in the object before are left alone, since changing them would restart what runs.
import type { DocumentPath, JsonObject } from '../../formats/document.ts';
import { asString } from '../../formats/document.ts';
import { parseReference } from '../../formats/oci/reference.ts';
import type { Lookup } from '../data-provider.ts';
import type { EngineData, EngineOutcome, PolicyDecision } from '../engine.ts';
import { nothingToSay } from '../engine.ts';
import type { JsonPatchOperation } from '../patch/json-patch.ts';
import { compileJsonPatch } from '../patch/json-patch.ts';
import { applyJsonPatch } from '../patch/json-patch-apply.ts';
import { printPointer } from '../patch/json-pointer.ts';
import { podOf } from '../pod-security/pod.ts';
import { concernsImage } from './evaluate.ts';
import type { ImagePolicy } from './parse.ts';

/** Whether what a policy says is said of content: then the image must be named by it. */
export function pinsImages({ authorities }: Pick<ImagePolicy, 'authorities'>): boolean {
  return authorities.some(({ signer }) => signer !== 'pass' && signer !== 'fail');
}

/** How nearly all are written that are pinned. */
const plainDigest = /@sha256:[0-9a-f]{64}$/;

export function isPinned(image: string): boolean {
  if (plainDigest.test(image)) return true;
  const parsed = parseReference(image);
  return parsed.kind === 'reference' ? parsed.reference.digest !== undefined : /@sha(?:256|512):/.test(image);
}

export interface PlacedImage {
  readonly image: string;
  readonly at: DocumentPath;
}

/** The images of a Pod or of a template, wherever they stand. */
export function placedImages(object: JsonObject | undefined): readonly PlacedImage[] {
  const found = object === undefined ? undefined : podOf(object);
  return (found?.pod.containers ?? []).flatMap(({ at, container }) => {
    const image = asString(container['image']) ?? '';
    return image === '' ? [] : [{ image, at: [...(found?.at ?? []), ...at, 'image'] }];
  });
}

/** Names without a digest that did not stand in the same place before: elsewhere the same name may stand for another image by now. */
export function unpinnedImages(object: JsonObject, before: JsonObject | undefined): readonly PlacedImage[] {
  const open = placedImages(object).filter(({ image }) => !isPinned(image));
  if (open.length === 0) return open;
  const keyOf = ({ image, at }: PlacedImage): string => `${at.join('/')} ${image}`;
  const old = new Set(placedImages(before).map(keyOf));
  return open.filter((placed) => !old.has(keyOf(placed)));
}

export interface Pinning {
  readonly object: JsonObject;
  readonly before: JsonObject | undefined;
  /** Those that are about the object. */
  readonly policies: readonly ImagePolicy[];
  readonly data: EngineData;
  readonly credentials: Lookup<readonly string[]>;
}

/** Changes the object; what could not be resolved is an error of the policies that are about it. */
export function pinImages({ object, before, policies, data, credentials }: Pinning): EngineOutcome {
  const { provider } = data;
  if (provider.imageDigest === undefined) return nothingToSay;
  const open = unpinnedImages(object, before);
  const decisions: PolicyDecision[] = [];
  const patch: JsonPatchOperation[] = [];
  for (const image of new Set(open.map((placed) => placed.image))) {
    const concerned = policies.filter((policy) => pinsImages(policy) && concernsImage(policy, image));
    if (concerned.length === 0) continue;
    const answer = credentials.kind === 'found' ? provider.imageDigest(image, credentials.value) : credentials;
    if (answer.kind === 'found') {
      const value = `${tagged(image)}@${answer.value}`;
      for (const placed of open)
        if (placed.image === image) patch.push({ op: 'replace', path: printPointer(placed.at), value });
      continue;
    }
    decisions.push(...concerned.map((policy) => unresolved(policy, image, answer)));
  }
  if (patch.length === 0) return { decisions, patch };
  const compiled = compileJsonPatch(patch);
  const changed = compiled.kind === 'patch' ? applyJsonPatch(compiled.patch, object) : compiled;
  if (changed.kind !== 'patched') throw new Error(`images cannot be pinned: ${changed.message}`);
  return { decisions, patch, object: changed.value as JsonObject };
}

/** With its tag, by which patterns know it. */
function tagged(image: string): string {
  const parsed = parseReference(image);
  return parsed.kind === 'reference' && parsed.reference.tag === undefined ? `${image}:latest` : image;
}

function unresolved(
  policy: ImagePolicy,
  image: string,
  answer: Exclude<Lookup<string>, { kind: 'found' }> | Lookup<readonly string[]>,
): PolicyDecision {
  return {
    policy: policy.name,
    rule: '',
    outcome: 'error',
    effect: policy.mode === 'warn' ? 'warn' : 'deny',
    message: `${image}: ${reasonOf(answer)}`,
  };
}

function reasonOf(answer: Lookup<unknown>): string {
  switch (answer.kind) {
    case 'failed':
      return answer.message;
    case 'absent':
      return 'there is no such image';
    case 'pending':
      return 'not looked up yet';
    default:
      return 'registries are not asked';
  }
}

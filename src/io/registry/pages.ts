// SPDX-License-Identifier: Apache-2.0
// Lists that a registry hands out in pages: tags, and manifests that refer to an image (distribution-spec 1.1).
import { asArray, asObject, asString } from '../../formats/document.ts';
import type { Descriptor } from '../../formats/oci/descriptor.ts';
import { nextLink } from '../../formats/oci/http-fields.ts';
import { parseManifest } from '../../formats/oci/manifest.ts';
import { mediaTypeOf, mediaTypes } from '../../formats/oci/media-types.ts';
import { isTag } from '../../formats/oci/reference.ts';
import type { Place } from '../../formats/oci/registries-conf.ts';
import type { Digest } from '../../model/digest.ts';
import type { Limits } from '../../model/limits.ts';
import { nameOf, readWhole } from './answer.ts';
import type { Outcome } from './outcome.ts';
import { found, invalidAnswer, outcomeOf, RegistryError } from './outcome.ts';
import type { Answer, Question, Session } from './session.ts';
import { locationOf } from './session.ts';

interface Paging {
  readonly path: string;
  readonly accept: string;
  readonly redirects: Question['redirects'];
  readonly limits: Limits;
}

/** Pages as they come, each once; ends when there is no next one. Throws when the links go in a circle or never end. */
async function* pagesOf(
  session: Session,
  place: Place,
  { path, accept, redirects, limits }: Paging,
): AsyncGenerator<Answer> {
  const seen = new Set<string>();
  let next: string | URL | undefined = path;
  while (next !== undefined) {
    const answer: Answer = await session.ask(place, {
      method: 'GET',
      path: next,
      headers: { accept },
      actions: 'pull',
      redirects,
      repeat: 'allowed',
    });
    const link = nextLink(answer.response.header('link'));
    const { url, endpoint } = answer;
    seen.add(url.href);
    next = link === undefined ? undefined : locationOf(link, url, endpoint);
    if (next !== undefined && (seen.has(next.href) || next.origin !== endpoint.origin.origin)) {
      answer.response.discard();
      throw invalidAnswer(
        `${nameOf(url)}: the link to the next page leads ${seen.has(next.href) ? 'in a circle' : 'elsewhere'}`,
      );
    }
    if (seen.size > limits.registryPages) {
      answer.response.discard();
      throw new RegistryError({
        code: 'LIMIT_EXCEEDED',
        reason: `${nameOf(url)}: has more than ${limits.registryPages} pages`,
      });
    }
    yield answer;
  }
}

/** All tags of a repository, in the registry's order; texts that are no tags are left out. */
export function pullTags(session: Session, place: Place, limits: Limits): Promise<Outcome<readonly string[]>> {
  return outcomeOf(async () => {
    const tags: string[] = [];
    const paging = { path: 'tags/list', accept: 'application/json', redirects: 'follow', limits } as const;
    for await (const { response, url } of pagesOf(session, place, paging)) {
      if (response.status === 404) {
        response.discard();
        return { kind: 'none' };
      }
      const value = asObject(await readJson({ response, url }, limits));
      const list = value?.['tags'];
      if (value === undefined || (list !== null && !Array.isArray(list)))
        throw invalidAnswer(`${nameOf(url)}: is no list of tags`);
      for (const item of asArray(list)) {
        const tag = asString(item);
        if (tag !== undefined && isTag(tag)) tags.push(tag);
      }
      if (tags.length > limits.tags)
        throw new RegistryError({
          code: 'LIMIT_EXCEEDED',
          reason: `${nameOf(url)}: has more than ${limits.tags} tags`,
        });
    }
    return found(tags);
  });
}

/**
 * Referrers by the API. `none`: the registry has no such API (404, or "see other" to pages for people, as ghcr answers). An empty list is
 * `found`: whether the fallback tag knows more is the caller's question.
 */
export function pullReferrers(
  session: Session,
  place: Place,
  { digest, limits }: { readonly digest: Digest; readonly limits: Limits },
): Promise<Outcome<readonly Descriptor[]>> {
  return outcomeOf(async () => {
    const descriptors: Descriptor[] = [];
    const paging = {
      path: `referrers/${digest}`,
      accept: mediaTypes.ociIndex,
      redirects: 'hand over',
      limits,
    } as const;
    for await (const { response, url } of pagesOf(session, place, paging)) {
      if (response.status === 404 || response.status === 303) {
        response.discard();
        if (descriptors.length > 0)
          throw invalidAnswer(`${nameOf(url)}: answered ${response.status} in the middle of a list`);
        return { kind: 'none' };
      }
      const mediaType = mediaTypeOf(response.header('content-type'));
      if (response.status !== 200 || (mediaType !== mediaTypes.ociIndex && mediaType !== 'application/json')) {
        response.discard();
        throw invalidAnswer(
          `${nameOf(url)}: answered ${response.status} with ${mediaType || 'content of no type'} instead of a list of referrers`,
        );
      }
      const bytes = await readWhole(response, url, limits.imageManifestBytes);
      const { manifest, problems } = parseManifest(bytes, {
        path: nameOf(url),
        mediaType: mediaTypes.ociIndex,
        limits,
      });
      if (manifest?.kind !== 'index')
        throw invalidAnswer(`${nameOf(url)}: ${problems[0]?.message ?? 'is no list of referrers'}`);
      descriptors.push(...manifest.manifests);
      if (descriptors.length > limits.referrers)
        throw new RegistryError({
          code: 'LIMIT_EXCEEDED',
          reason: `${nameOf(url)}: more than ${limits.referrers} manifests refer to it`,
        });
    }
    return found(descriptors);
  });
}

async function readJson({ response, url }: Pick<Answer, 'response' | 'url'>, limits: Limits): Promise<unknown> {
  if (response.status !== 200) {
    response.discard();
    throw invalidAnswer(`${nameOf(url)}: answered ${response.status}`);
  }
  const bytes = await readWhole(response, url, limits.imageManifestBytes);
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw invalidAnswer(`${nameOf(url)}: the answer is not JSON`);
  }
}

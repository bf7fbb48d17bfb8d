// SPDX-License-Identifier: Apache-2.0
// Names of questions: equal questions have equal names, and no name holds credentials. What is the same for many images is named once and then known by
// identity, so that a question that was asked before is named without reading any of it.
import { hash } from 'node:crypto';
import { canonicalJson } from '../../../../model/canonical-json.ts';
import type { SignatureDemand, StandingDemand } from '../../../../policy/image-policy/demand.ts';
import type { TrustRootResource } from '../../../../policy/image-policy/trust-root-resource.ts';

const lists = new WeakMap<readonly string[], string>();
const demands = new WeakMap<StandingDemand, string>();
const roots = new WeakMap<TrustRootResource, string>();

/** Of docker configurations; empty for none. */
export function nameOfCredentials(credentials: readonly string[] | undefined): string {
  if (credentials === undefined || credentials.length === 0) return '';
  const known = lists.get(credentials);
  if (known !== undefined) return known;
  const name = hash('sha256', JSON.stringify(credentials)).slice(0, 32);
  lists.set(credentials, name);
  return name;
}

/** Of everything but the image: who must have signed, and whose Secrets are used. */
export function nameOfDemand(demand: SignatureDemand): string {
  const { standing } = demand;
  if (standing === undefined) return computed(withoutImage(demand), demand);
  let name = demands.get(standing);
  if (name === undefined) {
    name = hash('sha256', canonicalJson(plain(standing)));
    demands.set(standing, name);
  }
  return demand.credentials === undefined ? name : `${name} ${nameOfCredentials(demand.credentials)}`;
}

function computed(standing: StandingDemand, { credentials }: SignatureDemand): string {
  const name = hash('sha256', canonicalJson(plain(standing)));
  return credentials === undefined ? name : `${name} ${nameOfCredentials(credentials)}`;
}

function withoutImage({ image: _image, credentials: _credentials, ...standing }: SignatureDemand): StandingDemand {
  return standing;
}

/** Trust roots by what is in them: two that bear the same name may differ. */
function plain(standing: StandingDemand): unknown {
  const named = Object.entries(standing.roots).map(([part, root]) => [
    part,
    root === undefined ? '' : nameOfRoot(root),
  ]);
  return { ...standing, roots: Object.fromEntries(named) };
}

function nameOfRoot(root: TrustRootResource): string {
  const known = roots.get(root);
  if (known !== undefined) return known;
  const { content } = root;
  const parts =
    content.kind === 'file'
      ? [content.text]
      : content.kind === 'remote'
        ? [content.mirror]
        : [hash('sha256', content.root), hash('sha256', content.mirror), content.targets];
  const name = hash('sha256', JSON.stringify([root.name, content.kind, ...parts]));
  roots.set(root, name);
  return name;
}

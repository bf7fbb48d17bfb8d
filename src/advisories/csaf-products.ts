// SPDX-License-Identifier: Apache-2.0
// The product tree of a distribution's CSAF document: product ids, and the package, version and release that each stands for.
import type { JsonObject } from '../formats/document.ts';
import { asArray, asObject, asString } from '../formats/document.ts';
import { defaultLimits } from '../model/limits.ts';
import { parsePurlLoosely } from '../model/purl.ts';
import type { AffectedParts } from './feed-facts.ts';
import { ecosystemOfCpe } from './trivy-buckets.ts';

export interface CsafComponent {
  readonly facts: Pick<AffectedParts, 'ecosystem' | 'name' | 'modularity' | 'architectures'>;
  /** With epoch; empty for a package whose versions are all meant. */
  readonly version: string;
}

interface Product {
  readonly name: string;
  readonly purl: string | undefined;
  readonly cpe: string | undefined;
}

/** Components of products, by product id: `default_component_of` and its like (section 3.2.2.4). */
export function componentsOf(tree: JsonObject | undefined): ReadonlyMap<string, CsafComponent> {
  const products = new Map<string, Product>();
  const add = (value: unknown): void => {
    const product = asObject(value);
    const id = asString(product?.['product_id']);
    const help = asObject(product?.['product_identification_helper']);
    if (id !== undefined)
      products.set(id, {
        name: asString(product?.['name']) ?? '',
        purl: asString(help?.['purl']),
        cpe: asString(help?.['cpe']),
      });
  };
  const walk = (branches: unknown, depth: number): void => {
    if (depth > defaultLimits.depth) return;
    for (const branch of asArray(branches).map(asObject)) {
      add(branch?.['product']);
      walk(branch?.['branches'], depth + 1);
    }
  };
  walk(tree?.['branches'], 0);
  for (const product of asArray(tree?.['full_product_names'])) add(product);
  const components = new Map<string, CsafComponent>();
  for (const relation of asArray(tree?.['relationships']).map(asObject)) {
    const id = asString(asObject(relation?.['full_product_name'])?.['product_id']);
    const part = asString(relation?.['product_reference']) ?? '';
    const host = asString(relation?.['relates_to_product_reference']) ?? '';
    if (id === undefined) continue;
    // A module is a component of a product, and its packages are components of that: the module's product comes from the first relation.
    const release = ecosystemOf(products.get(host)) ?? components.get(host)?.facts.ecosystem;
    const component = release === undefined ? undefined : componentOf(part, products.get(part), release);
    if (component === undefined) continue;
    const modularity = component.facts.modularity ?? moduleOf(host, components.get(host));
    components.set(
      id,
      modularity === undefined ? component : { ...component, facts: { ...component.facts, modularity } },
    );
  }
  return components;
}

/** `cpe:/a:redhat:enterprise_linux:8::appstream`, `SUSE Linux Enterprise Server 15 SP5`, `openSUSE Leap 15.5`. */
function ecosystemOf(product: Product | undefined): string | undefined {
  const redHat = ecosystemOfCpe(product?.cpe ?? '');
  if (redHat !== undefined) return redHat.replace(/^Red Hat:enterprise_linux:(\d{1,3})$/, 'Red Hat:$1');
  const name = product?.name ?? '';
  if (/^openSUSE (?:Leap \d|Tumbleweed)/.test(name)) return name.replace(' ', ':');
  return /^SUSE Linux (?:Enterprise|Micro) /.test(name) ? name.replace(' ', ':') : undefined;
}

function componentOf(id: string, product: Product | undefined, ecosystem: string): CsafComponent | undefined {
  const purl = product?.purl === undefined ? undefined : parsePurlLoosely(product.purl);
  if (purl === undefined) return componentOfId(id, ecosystem);
  // A module is no package, but its packages are components of it.
  if (purl.type === 'rpmmod') return { facts: { ecosystem, name: '' }, version: '' };
  if (purl.type !== 'rpm') return undefined;
  const { arch, epoch, rpmmod } = purl.qualifiers ?? {};
  const modularity = moduleName(rpmmod);
  const version = purl.version ?? '';
  return {
    facts: {
      ecosystem,
      name: purl.name,
      ...(modularity === undefined ? {} : { modularity }),
      ...(arch === undefined || arch === 'noarch' || arch === 'src' ? {} : { architectures: [arch] }),
    },
    version: epoch === undefined || epoch === '0' || version === '' ? version : `${epoch}:${version}`,
  };
}

/** Documents without package URLs: `bash-0:4.4.20-4.el8_6.x86_64`, `bash-4.4-150400.25.22.x86_64`, `bash`. */
function componentOfId(id: string, ecosystem: string): CsafComponent | undefined {
  const match =
    /^(?:([^:/\s]{1,64}:[^:/\s]{1,64})\/)?([^\s:/]{1,200})-((?:\d{1,4}:)?[^-\s:]{1,100}-[^-\s:]{1,100})\.([a-z0-9_]{3,10})$/.exec(
      id,
    );
  if (match === null) {
    const [, module, name] = /^(?:([^:/\s]{1,64}:[^:/\s]{1,64})\/)?([A-Za-z0-9][\w.+-]{0,200})$/.exec(id) ?? [];
    if (name === undefined) return undefined;
    return { facts: { ecosystem, name, ...(module === undefined ? {} : { modularity: module }) }, version: '' };
  }
  const [, module, name = '', version = '', architecture = ''] = match;
  return {
    facts: {
      ecosystem,
      name,
      ...(module === undefined ? {} : { modularity: module }),
      ...(architecture === 'noarch' || architecture === 'src' ? {} : { architectures: [architecture] }),
    },
    version: version.replace(/^0:/, ''),
  };
}

/** `nodejs:18` from `nodejs:18:8090020240301102440:rhel8`. */
function moduleName(text: string | undefined): string | undefined {
  return /^([^:\s]{1,100}:[^:\s]{1,100})(?::|$)/.exec(text ?? '')?.[1];
}

/** A package that belongs to a module of the host product. */
function moduleOf(host: string, component: CsafComponent | undefined): string | undefined {
  if (component === undefined) return undefined;
  return moduleName(host.slice(host.indexOf(':') + 1));
}

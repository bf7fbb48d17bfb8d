// SPDX-License-Identifier: Apache-2.0
// Sigstore's signing configuration 0.2 (sigstore_trustroot.proto, SigningConfig): which services to use, in which version, from when to when, and how
// many of them. Reads and chooses; asks nobody.
import type { Parsed } from './parsed.ts';
import { parsing, required } from './parsed.ts';
import { MemberReader, parseStrictJson } from './strict-json.ts';
import type { ValidityWindow } from './trusted-root.ts';
import { readWindow } from './trusted-root.ts';

export interface SigningService {
  readonly url: string;
  readonly version: number;
  readonly operator: string;
  readonly validFor: ValidityWindow;
}

export type ServiceSelector =
  | { readonly kind: 'any' }
  | { readonly kind: 'all' }
  | { readonly kind: 'exact'; readonly count: number };

export interface SigningConfig {
  readonly certificateAuthorities: readonly SigningService[];
  readonly identityProviders: readonly SigningService[];
  readonly logs: readonly SigningService[];
  readonly logSelector: ServiceSelector;
  readonly timestampAuthorities: readonly SigningService[];
  readonly timestampSelector: ServiceSelector;
}

const mostServices = 100;
const limits = { bytes: 1024 * 1024, depth: 16 };

export function parseSigningConfig(bytes: Uint8Array): Parsed<SigningConfig> {
  return parsing(() => {
    const root = new MemberReader(required(parseStrictJson(bytes, limits), 'signing configuration'));
    if (root.text('mediaType') !== 'application/vnd.dev.sigstore.signingconfig.v0.2+json')
      root.fail('mediaType', 'not a signing configuration of version 0.2');
    const services = (name: string): SigningService[] => root.members(name, mostServices).map(readService);
    return {
      certificateAuthorities: services('caUrls'),
      identityProviders: services('oidcUrls'),
      logs: services('rekorTlogUrls'),
      logSelector: readSelector(root.optionalMember('rekorTlogConfig')),
      timestampAuthorities: services('tsaUrls'),
      timestampSelector: readSelector(root.optionalMember('tsaConfig')),
    };
  });
}

function readService(service: MemberReader): SigningService {
  const url = service.text('url');
  if (!URL.canParse(url) || !/^https?:/.test(url)) service.fail('url', 'an http(s) address is required');
  return {
    url,
    version: service.count('majorApiVersion'),
    operator: service.optionalText('operator') ?? '',
    validFor: readWindow(service.member('validFor')),
  };
}

function readSelector(config: MemberReader | undefined): ServiceSelector {
  const name = config?.optionalText('selector') ?? 'ANY';
  if (name === 'ANY' || name === 'SERVICE_SELECTOR_UNDEFINED') return { kind: 'any' };
  if (name === 'ALL') return { kind: 'all' };
  if (config === undefined || name !== 'EXACT') return config?.fail('selector', 'unknown') ?? { kind: 'any' };
  return { kind: 'exact', count: config.count('count') };
}

export interface ServiceChoice {
  readonly selector: ServiceSelector;
  /** Versions of the interface that this program speaks. */
  readonly versions: readonly number[];
  /** Milliseconds since 1970. */
  readonly time: number;
}

/**
 * One service of each operator, in the highest version that is spoken here, in the order of the list (client-spec "Signing Config"). Malformed when there
 * are fewer than the configuration asks for; `any` of an empty list is none.
 */
export function chooseServices(
  services: readonly SigningService[],
  { selector, versions, time }: ServiceChoice,
): Parsed<readonly SigningService[]> {
  const usable = services.filter(
    ({ version, validFor: { start, end } }) =>
      versions.includes(version) && start <= time && (end === undefined || time <= end),
  );
  const best = new Map<string, SigningService>();
  for (const service of usable) {
    const known = best.get(service.operator);
    if (known === undefined || service.version > known.version) best.set(service.operator, service);
  }
  const chosen = [...best.values()];
  const wanted = selector.kind === 'exact' ? selector.count : selector.kind === 'any' ? 1 : chosen.length;
  if (services.length > 0 && (chosen.length === 0 || chosen.length < wanted))
    return { kind: 'malformed', reason: `${wanted} services are asked for, ${chosen.length} can be used now` };
  return { kind: 'parsed', value: chosen.slice(0, wanted) };
}

// SPDX-License-Identifier: Apache-2.0
// Where the API of a registry answers: its host name as people write it is not always the one that is asked, and plain HTTP is taken only
// on this machine or where the configuration says so.
import { defaultRegistry } from '../../formats/oci/reference.ts';
import type { Place } from '../../formats/oci/registries-conf.ts';
import type { AddressPolicy } from './address.ts';
import { hostFault, hostName, isLoopbackHost } from './address.ts';
import { invalidAnswer, RegistryError } from './outcome.ts';
import type { HttpRequest, Transport } from './transport.ts';
import { TransportError } from './transport.ts';

/** A registry that can be asked. */
export interface Endpoint {
  /** Name as written in references; credentials are kept under it. */
  readonly registry: string;
  readonly origin: URL;
  readonly repository: string;
  readonly certificates: HttpRequest['certificates'];
  readonly isLoopback: boolean;
  /** Which addresses the registry itself may have. */
  readonly addresses: AddressPolicy;
}

/** Who names registries: the user of this program, or somebody whom it serves, and who must not lead it to the machine that it runs on. */
export type RegistryNames = 'from the user' | 'from strangers';

const schemes = new WeakMap<Transport, Map<string, Promise<string>>>();

/**
 * The endpoint of a place. Asks once per registry and transport whether a registry that need not speak TLS does. Throws RegistryError for a place that strangers
 * may not name: this machine, unless the configuration lets that registry do without TLS, and so knows of it.
 */
export async function endpointOf(
  place: Place,
  transport: Transport,
  names: RegistryNames = 'from the user',
): Promise<Endpoint> {
  const host = place.registry === defaultRegistry ? `registry-1.${defaultRegistry}` : place.registry;
  if (!URL.canParse(`https://${host}`)) throw invalidAnswer(`${host} is no host name`);
  const secure = new URL(`https://${host}`);
  const isLoopback = isLoopbackHost(hostName(secure));
  const addresses = names === 'from the user' || place.insecure ? 'named' : 'remote';
  const fault = hostFault(secure, addresses);
  if (fault !== undefined && isLoopback)
    throw invalidAnswer(`${host}: ${fault}, which is asked only where --insecure-registry names it`);
  const certificates = place.insecure ? 'unverified' : 'verified';
  const scheme = place.insecure || isLoopback ? await schemeOf(secure, { certificates, transport }) : 'https:';
  return {
    registry: place.registry,
    origin: new URL(`${scheme}//${host}`),
    repository: place.repository,
    certificates,
    isLoopback,
    addresses,
  };
}

interface Probe {
  readonly certificates: HttpRequest['certificates'];
  readonly transport: Transport;
}

function schemeOf(secure: URL, probe: Probe): Promise<string> {
  const known = schemes.get(probe.transport) ?? new Map<string, Promise<string>>();
  schemes.set(probe.transport, known);
  const key = `${secure.host} ${probe.certificates}`;
  const asked = known.get(key) ?? askScheme(secure, probe, () => known.delete(key));
  known.set(key, asked);
  return asked;
}

/** `forget` is called when the answer may be another one next time. */
async function askScheme(secure: URL, { certificates, transport }: Probe, forget: () => void): Promise<string> {
  try {
    const request = {
      method: 'GET',
      url: new URL('/v2/', secure),
      headers: {},
      addresses: 'named',
      certificates,
    } as const;
    (await transport.send(request)).discard();
    return 'https:';
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    if (error.fault === 'not-tls') return 'http:';
    forget();
    // Who answers with a wrong certificate speaks TLS: going on without would be a downgrade.
    if (error.fault === 'certificate' || error.fault === 'refused-address' || error.fault === 'stalled')
      throw unreachable(secure, error);
    return 'http:';
  }
}

export function unreachable(url: URL, error: TransportError): RegistryError {
  const code = error.fault === 'refused-address' ? 'REGISTRY_INVALID' : 'REGISTRY_UNREACHABLE';
  return new RegistryError({ code, reason: `${url.host}: ${error.message}` }, error);
}

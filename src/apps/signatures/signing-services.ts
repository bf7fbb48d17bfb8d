// SPDX-License-Identifier: Apache-2.0
// Which services take part in a signature. Nobody is asked who was not named: by an address, by a signing configuration, or, for keyless signing, by
// the wish to use the public Sigstore. All are told to the user before the first is asked.
import type { SigningConfig } from '../../formats/signing-config.ts';
import { chooseServices, parseSigningConfig } from '../../formats/signing-config.ts';
import { isLoopbackHost } from '../../io/registry/address.ts';
import type { LogPlace } from '../../io/signing/transparency-log.ts';
import { LandwaiterError } from '../../model/error.ts';

export interface ChosenServices {
  /** Undefined when signing with a key. */
  readonly certificateAuthority: string | undefined;
  readonly logs: readonly LogPlace[];
  readonly timestampAuthorities: readonly string[];
}

export interface ServiceWishes {
  readonly signer: 'key' | 'identity';
  /** Bytes of a signing configuration. */
  readonly config?: Uint8Array | undefined;
  readonly certificateAuthority?: string | undefined;
  readonly log?: string | undefined;
  readonly logVersion?: 1 | 2;
  readonly timestampAuthority?: string | undefined;
  /** `unset`: with a key no log is asked; keyless signatures are worth nothing without one. */
  readonly logging: 'on' | 'off' | 'unset';
  /** Milliseconds since 1970. */
  readonly time: number;
}

/** The services of the public Sigstore (root-signing, signing_config.v0.2.json) that take part when none is named. */
const publicServices = {
  certificateAuthority: 'https://fulcio.sigstore.dev',
  log: { url: 'https://rekor.sigstore.dev', version: 1 },
} as const;

/** Throws USAGE for wishes that contradict each other, CONFIG_INVALID for a configuration that is none. */
export function chooseSigningServices(wishes: ServiceWishes): ChosenServices {
  const { signer, config, logging } = wishes;
  const named = [wishes.certificateAuthority, wishes.log, wishes.timestampAuthority];
  if (config !== undefined && named.some((item) => item !== undefined))
    throw usage('a signing configuration and addresses of services cannot both be given');
  for (const url of named)
    if (url !== undefined && (!URL.canParse(url) || !/^https?:/.test(url)))
      throw usage(`"${url}" is no http(s) address`);
  const chosen = config === undefined ? fromAddresses(wishes) : fromConfig(config, wishes);
  const certificateAuthority = signer === 'identity' ? chosen.certificateAuthority : undefined;
  if (certificateAuthority !== undefined && !isPrivate(certificateAuthority))
    throw usage(
      `the certificate authority ${certificateAuthority} would get the identity token in the clear`,
      'who reads it can sign in your name; name an https address',
    );
  const services = { ...chosen, certificateAuthority, logs: logging === 'off' ? [] : chosen.logs };
  if (signer === 'identity' && services.logs.length === 0 && services.timestampAuthorities.length === 0)
    throw usage(
      'nothing would prove when the certificate was used: neither a log nor a timestamp authority takes part',
      'name one with --timestamp-server-url or leave --tlog-upload on',
    );
  return services;
}

function isPrivate(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || isLoopbackHost(hostname.replace(/^\[|\]$/g, ''));
}

function fromAddresses(wishes: ServiceWishes): ChosenServices {
  const { signer, log, logging, logVersion = 1, certificateAuthority, timestampAuthority } = wishes;
  const isLogged = log !== undefined || logging === 'on' || signer === 'identity';
  const logs: LogPlace[] = isLogged ? [log === undefined ? publicServices.log : { url: log, version: logVersion }] : [];
  return {
    certificateAuthority: certificateAuthority ?? publicServices.certificateAuthority,
    logs,
    timestampAuthorities: timestampAuthority === undefined ? [] : [timestampAuthority],
  };
}

function fromConfig(bytes: Uint8Array, { time, signer }: ServiceWishes): ChosenServices {
  const config = parseSigningConfig(bytes);
  if (config.kind === 'malformed') throw invalid(config.reason);
  const { certificateAuthorities, logs, timestampAuthorities } = config.value;
  const choose = (services: SigningConfig['logs'], name: string, choice: Parameters<typeof chooseServices>[1]) => {
    const chosen = chooseServices(services, choice);
    if (chosen.kind === 'malformed') throw invalid(`${name}: ${chosen.reason}`);
    return chosen.value;
  };
  const one = { kind: 'any' } as const;
  const [authority] = choose(certificateAuthorities, 'caUrls', { selector: one, versions: [1], time });
  if (authority === undefined && signer === 'identity') throw invalid('caUrls: there is no certificate authority');
  return {
    certificateAuthority: authority?.url,
    logs: choose(logs, 'rekorTlogUrls', { selector: config.value.logSelector, versions: [1, 2], time }).map(
      ({ url, version }) => ({ url, version: version === 1 ? 1 : 2 }),
    ),
    timestampAuthorities: choose(timestampAuthorities, 'tsaUrls', {
      selector: config.value.timestampSelector,
      versions: [1],
      time,
    }).map(({ url }) => url),
  };
}

/** One line for each service, as the user is told. */
export function describeServices({ certificateAuthority, logs, timestampAuthorities }: ChosenServices): string[] {
  return [
    ...(certificateAuthority === undefined ? [] : [`certificate authority ${certificateAuthority}`]),
    ...timestampAuthorities.map((url) => `timestamp authority ${url}`),
    ...logs.map(({ url, version }) => `transparency log ${url} (version ${version}): what it holds is public for ever`),
  ];
}

function usage(message: string, hint?: string): LandwaiterError {
  return new LandwaiterError({ code: 'USAGE', message, ...(hint === undefined ? {} : { hint }) });
}

function invalid(reason: string): LandwaiterError {
  return new LandwaiterError({ code: 'CONFIG_INVALID', message: `signing configuration: ${reason}` });
}

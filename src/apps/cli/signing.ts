// SPDX-License-Identifier: Apache-2.0
// What all signing commands share: which services take part (told before any is asked), who signs, and where files go. Tokens, passwords and keys are
// read here and shown nowhere.
import { resolve } from 'node:path';
import { certificatesOf } from '../../evidence/signatures/trust-root.ts';
import { parseIdentityToken } from '../../formats/identity-token.ts';
import { formatPem } from '../../formats/pem.ts';
import { localDisk } from '../../io/disk.ts';
import { askOnTerminal } from '../../io/password-prompt.ts';
import { nodeTransport } from '../../io/registry/transport.ts';
import type { ServiceClient } from '../../io/service.ts';
import { serviceClient } from '../../io/service.ts';
import { findAmbientIdentity } from '../../io/signing/ambient-identity.ts';
import type { CertificateChain } from '../../io/signing/certificate-authority.ts';
import { requestCertificate } from '../../io/signing/certificate-authority.ts';
import type { Signer } from '../../io/signing/signer.ts';
import { localSigner } from '../../io/signing/signer.ts';
import { LandwaiterError } from '../../model/error.ts';
import { defaultLimits } from '../../model/limits.ts';
import { generateKey } from '../signatures/make-key.ts';
import type { Credential, MadeProof } from '../signatures/make-proof.ts';
import type { KeySurroundings } from '../signatures/open-key.ts';
import { openSigner } from '../signatures/open-key.ts';
import type { Layout } from '../signatures/sign-image.ts';
import type { ChosenServices } from '../signatures/signing-services.ts';
import { chooseSigningServices, describeServices } from '../signatures/signing-services.ts';
import type { FlagValues } from './arguments.ts';
import type { CommandContext } from './command.ts';
import { readText } from './database.ts';
import { writeWhole } from './outputs.ts';
import { usage } from './usage.ts';

export interface SigningPlan {
  readonly signer: { readonly kind: 'key'; readonly reference: string } | { readonly kind: 'identity' };
  readonly services: ChosenServices;
  /** One line for each service, for people. */
  readonly told: readonly string[];
}

/** Reads flags and the signing configuration; asks nobody. Throws USAGE, CONFIG_INVALID. */
export function planSigning(context: CommandContext, values: FlagValues): SigningPlan {
  const reference = values.text('key');
  const certifies = reference === undefined || values.isSet('issue-certificate');
  if (certifies && values.text('certificate') !== undefined)
    throw usage('--certificate belongs to a key of your own; a keyless certificate is asked for');
  if (!certifies && values.text('identity-token') !== undefined)
    throw usage('--identity-token and --key cannot both say who signs', '--issue-certificate certifies the key');
  const config = values.text('signing-config');
  const services = chooseSigningServices({
    signer: certifies ? 'identity' : 'key',
    config: config === undefined ? undefined : Buffer.from(readText(context, config)),
    certificateAuthority: values.text('fulcio-url'),
    log: values.text('rekor-url'),
    logVersion: values.number('rekor-version') === 2 ? 2 : 1,
    timestampAuthority: values.text('timestamp-server-url'),
    logging: values.isSet('tlog-upload') ? 'on' : values.isOff('tlog-upload') ? 'off' : 'unset',
    time: context.clock.now(),
  });
  return {
    signer: reference === undefined ? { kind: 'identity' } : { kind: 'key', reference },
    services,
    told: describeServices(services),
  };
}

export interface SigningSession {
  readonly credential: Credential;
  readonly client: ServiceClient;
  /** For people: the key, or whom the certificate names. */
  readonly who: string;
  close(): void;
}

const stall = 30_000;

/** Opens the key, or gets a certificate for a new one. The first use of the network, after the services were named. */
export async function openSession(
  context: CommandContext,
  values: FlagValues,
  plan: SigningPlan,
): Promise<SigningSession> {
  const { signer, services, told } = plan;
  for (const line of told) context.log.info(line);
  if (services.certificateAuthority !== undefined && !values.isSet('yes'))
    throw usage(
      'keyless signing asks the services above, and your identity is then public for ever',
      'agree with --yes, or sign with a key (--key FILE)',
    );
  if (signer.kind === 'key' && services.logs.length === 0)
    context.log.info(
      'not entered into a log: who verifies has to say --insecure-ignore-tlog (or sign with --tlog-upload)',
    );
  const transport = nodeTransport({ stall, environment: context.environment, certificatesFor: () => undefined });
  const client = serviceClient(transport);
  const close = (): void => transport.close();
  try {
    const key =
      signer.kind === 'key'
        ? await openSigner(signer.reference, surroundingsOf(context, values))
        : localSigner(generateKey('ecdsa-p256'), 'a key made for this signature');
    const authority = services.certificateAuthority;
    if (authority === undefined)
      return {
        client,
        close,
        who: `key ${key.name}`,
        credential: { signer: key, chain: ownChain(context, values, key) },
      };
    const { chain, who } = await certify(context, values, { client, authority, key });
    return { client, close, who, credential: { signer: key, chain } };
  } catch (error) {
    close();
    throw error;
  }
}

export function surroundingsOf(context: CommandContext, values: FlagValues): KeySurroundings {
  const passwordFile = values.text('password-file');
  return {
    cwd: context.cwd,
    environment: context.environment,
    askPassword: askOnTerminal,
    ...(values.isSet('credential-programs') ? { programs: 'allowed' } : {}),
    ...(passwordFile === undefined ? {} : { passwordFile }),
  };
}

interface Certification {
  readonly client: ServiceClient;
  readonly authority: string;
  readonly key: Signer;
}

async function certify(
  context: CommandContext,
  values: FlagValues,
  { client, authority, key }: Certification,
): Promise<{ readonly chain: CertificateChain; readonly who: string }> {
  const token = await identityToken(context, values, client);
  const claims = parseIdentityToken(token);
  if (claims.kind === 'malformed') throw new LandwaiterError({ code: 'CONFIG_INVALID', message: claims.reason });
  const { subject, issuer, expiresAt } = claims.value;
  if (expiresAt * 1_000 <= context.clock.now())
    throw new LandwaiterError({
      code: 'CONFIG_INVALID',
      message: 'the identity token has expired',
      hint: 'get a new one',
    });
  const chain = await requestCertificate(client, { url: authority, token, subject, signer: key });
  return { chain, who: `${subject} (${issuer})` };
}

/** --identity-token, else what the surroundings give. */
async function identityToken(context: CommandContext, values: FlagValues, client: ServiceClient): Promise<string> {
  const given = values.text('identity-token');
  if (given !== undefined) {
    const file = localDisk.read(resolve(context.cwd, given), defaultLimits.privateKeyBytes);
    return file.kind === 'bytes' ? Buffer.from(file.bytes).toString('utf8').trim() : given.trim();
  }
  const audience = values.text('oidc-client-id') ?? 'sigstore';
  const ambient = findAmbientIdentity({ environment: context.environment, audience });
  if (ambient !== undefined) {
    context.log.info(`identity from ${ambient.source}`);
    return ambient.token(client);
  }
  throw usage(
    'nothing here says who signs: there is no key, no identity token, and no build service or cluster that gives one',
    'sign with --key FILE, or get a token elsewhere and name it with --identity-token FILE; logging in with a browser is not offered',
  );
}

/** --certificate and --certificate-chain: a certificate of an own authority for the key. */
function ownChain(context: CommandContext, values: FlagValues, key: Signer): CertificateChain | undefined {
  const file = values.text('certificate');
  if (file === undefined) return undefined;
  const chainFile = values.text('certificate-chain');
  const read = (path: string) => {
    const certificates = certificatesOf(readText(context, path));
    if (certificates.kind === 'parsed') return certificates.value;
    throw new LandwaiterError({ code: 'INPUT_UNREADABLE', message: `${path}: ${certificates.reason}` });
  };
  const [leaf, ...steps] = [...read(file), ...(chainFile === undefined ? [] : read(chainFile))];
  if (leaf === undefined) throw usage(`${file} holds no certificate`);
  if (!Buffer.from(leaf.publicKey).equals(key.publicKey)) throw usage(`${file} is the certificate of another key`);
  return [leaf, ...steps.filter((step) => !step.encoded.equals(leaf.encoded))];
}

/** Which layout the flags ask for. */
export function layoutOf(values: FlagValues): Layout {
  return values.isSet('legacy') || values.isOff('new-bundle-format') ? 'layer' : 'bundle';
}

/** Bytes of a file, or of standard input for `-`. Throws INPUT_UNREADABLE. */
export async function readInput(context: CommandContext, path: string, most: number): Promise<Uint8Array> {
  if (path === '-') return context.readStdin();
  const result = localDisk.read(resolve(context.cwd, path), most);
  if (result.kind === 'bytes') return result.bytes;
  const reason = result.kind === 'unreadable' ? result.reason : `larger than ${most} bytes`;
  throw new LandwaiterError({ code: 'INPUT_UNREADABLE', message: `could not read ${path}: ${reason}` });
}

/** Writes the files that --bundle, --output-signature, --output-certificate and --output-attestation name. Returns their names. */
export function writeProofFiles(context: CommandContext, values: FlagValues, proof: MadeProof): readonly string[] {
  const leaf = proof.chain?.[0];
  if (leaf === undefined && values.text('output-certificate') !== undefined)
    throw usage('--output-certificate: a signature with a key has no certificate');
  const contents: Readonly<Record<string, string | undefined>> = {
    bundle: `${proof.bundleText}\n`,
    'output-signature': proof.signature.toString('base64'),
    'output-certificate':
      leaf === undefined ? undefined : formatPem({ label: 'CERTIFICATE', bytes: Buffer.from(leaf.encoded) }),
    'output-attestation': proof.envelope,
  };
  return Object.entries(contents).flatMap(([flag, content]) => {
    const file = values.text(flag);
    if (file === undefined || content === undefined) return [];
    writeWhole(resolve(context.cwd, file), file, content);
    return [file];
  });
}

/** `entry 184 of https://rekor.example` for each log. */
export function logLines({ bundle }: MadeProof, { logs }: ChosenServices): string[] {
  return bundle.logEntries.map(({ logIndex }, index) => `entry ${logIndex} of ${logs[index]?.url ?? 'a log'}`);
}

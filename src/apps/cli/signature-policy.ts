// SPDX-License-Identifier: Apache-2.0
// From the flags that people know of Cosign to one policy of the closed union, and the trust root it is judged by. What is relaxed is spelled out
// by a flag; a combination that nobody could mean is a usage error, never a silent choice.
import type {
  CertificateIdentity,
  ManagedKey,
  SignatureMode,
  SignaturePolicy,
  TextMatch,
} from '../../evidence/signatures/policy.ts';
import type { TrustRoot } from '../../evidence/signatures/trust-root.ts';
import { certificatesOf, emptyTrustRoot } from '../../evidence/signatures/trust-root.ts';
import { formatPem } from '../../formats/pem.ts';
import { LandwaiterError } from '../../model/error.ts';
import { readPublicKey } from '../signatures/public-key-source.ts';
import { pinnedTrustRoot, trustRootFile, withOwnPki } from '../signatures/trust-roots.ts';
import type { FlagValues } from './arguments.ts';
import type { CommandContext } from './command.ts';
import { readText } from './database.ts';
import type { FlagName } from './flags.ts';
import { usage } from './usage.ts';

export interface RequestedPolicy {
  readonly policy: SignaturePolicy;
  readonly trustRoot: TrustRoot;
}

/** Reads keys, certificates and trust root. Throws USAGE, INPUT_UNREADABLE, NETWORK_FAILED. */
export async function requestedPolicy(context: CommandContext, values: FlagValues): Promise<RequestedPolicy> {
  if (values.isOff('check-claims'))
    throw usage('that a signature is about the artifact is always checked', 'leave out --check-claims=false');
  const annotations = annotationsOf(values);
  const { mode, trustRoot } =
    values.list('key').length > 0 ? await keyMode(context, values) : certificateMode(context, values);
  return {
    policy: {
      ...mode,
      ...(annotations === undefined ? {} : { annotations }),
      ...(values.isSet('use-signed-timestamps') ? { timestamp: 'required' as const } : {}),
    },
    trustRoot,
  };
}

interface ChosenMode {
  readonly mode: SignatureMode;
  readonly trustRoot: TrustRoot;
}

const certificateFlags = [
  'certificate-identity',
  'certificate-identity-regexp',
  'certificate-oidc-issuer',
  'certificate-oidc-issuer-regexp',
  'certificate-chain',
  'ca-roots',
  'ca-intermediates',
] as const;

async function keyMode(context: CommandContext, values: FlagValues): Promise<ChosenMode> {
  const named = certificateFlags.find((name) => values.text(name) !== undefined);
  if (named !== undefined) throw usage(`--key and --${named} cannot both say who must have signed`);
  const keys: ManagedKey[] = [];
  for (const reference of values.list('key')) {
    const key = await readPublicKey(reference, {
      cwd: context.cwd,
      environment: context.environment,
      fetch,
      ...(values.isSet('credential-programs') ? { programs: 'allowed' } : {}),
    });
    keys.push({ key });
  }
  const isWithoutLog = values.isSet('insecure-ignore-tlog') || values.isSet('private-infrastructure');
  const needsRoot = !isWithoutLog || values.isSet('use-signed-timestamps');
  const trustRoot = withOwnCertificates(
    context,
    values,
    needsRoot ? namedOrPinnedRoot(context, values) : emptyTrustRoot,
  );
  return { mode: { mode: isWithoutLog ? 'managed-key-without-log' : 'managed-key-with-log', keys }, trustRoot };
}

function namedOrPinnedRoot(context: CommandContext, values: FlagValues): TrustRoot {
  const file = values.text('trusted-root');
  return file === undefined ? pinnedTrustRoot() : trustRootFile(file, context.cwd);
}

function certificateMode(context: CommandContext, values: FlagValues): ChosenMode {
  const subject = matchOf(values, 'certificate-identity');
  if (subject === undefined)
    throw usage(
      'nobody is named who must have signed',
      'name a key (--key FILE), or a signer (--certificate-identity NAME and --certificate-oidc-issuer URL)',
    );
  const issuer = matchOf(values, 'certificate-oidc-issuer');
  const hasOwnRoots = values.text('certificate-chain') !== undefined || values.text('ca-roots') !== undefined;
  if (issuer !== undefined) return sigstoreMode(context, values, { subject, issuer, ...claimsOf(values) });
  if (!hasOwnRoots)
    throw usage(
      'the issuer of the signer is not named',
      'add --certificate-oidc-issuer URL: the same name from another issuer is somebody else',
    );
  if (claimsOf(values).claims !== undefined)
    throw usage('claims of a GitHub workflow need the issuer of the token', 'add --certificate-oidc-issuer URL');
  return ownPkiMode(context, values, subject);
}

function sigstoreMode(context: CommandContext, values: FlagValues, identity: CertificateIdentity): ChosenMode {
  const trustRoot = withOwnCertificates(context, values, namedOrPinnedRoot(context, values));
  const ignoresLog = values.isSet('insecure-ignore-tlog') || values.isSet('private-infrastructure');
  const ignoresCertificateLog = values.isSet('insecure-ignore-sct');
  const identities = [identity];
  if (!ignoresLog && !ignoresCertificateLog) return { mode: { mode: 'public-good-keyless', identities }, trustRoot };
  return {
    mode: {
      mode: 'private-sigstore',
      identities,
      signatureLog: ignoresLog ? 'not-operated-timestamp-instead' : 'required',
      certificateLog: ignoresCertificateLog ? 'not-operated' : 'required',
    },
    trustRoot,
  };
}

function ownPkiMode(context: CommandContext, values: FlagValues, subject: TextMatch): ChosenMode {
  const usesStamps = values.isSet('use-signed-timestamps');
  const ignoresLog = values.isSet('insecure-ignore-tlog') || values.isSet('private-infrastructure');
  const time = usesStamps ? 'timestamp' : ignoresLog ? 'now-because-nothing-proves-it' : 'log-entry';
  const needsRoot = time === 'log-entry' || (usesStamps && values.text('timestamp-certificate-chain') === undefined);
  const base =
    needsRoot || values.text('trusted-root') !== undefined ? namedOrPinnedRoot(context, values) : emptyTrustRoot;
  return {
    mode: { mode: 'own-pki', subjects: [subject], time },
    trustRoot: withOwnCertificates(context, values, base),
  };
}

/** --certificate-chain holds the steps and the root last; --ca-roots and --ca-intermediates hold them apart. */
function withOwnCertificates(context: CommandContext, values: FlagValues, base: TrustRoot): TrustRoot {
  const read = (name: FlagName): string | undefined => {
    const file = values.text(name);
    return file === undefined ? undefined : readText(context, file);
  };
  const [chain, roots, steps, stamps] = [
    read('certificate-chain'),
    read('ca-roots'),
    read('ca-intermediates'),
    read('timestamp-certificate-chain'),
  ];
  if (chain !== undefined && roots !== undefined)
    throw usage('--certificate-chain and --ca-roots cannot both name the roots');
  if (steps !== undefined && roots === undefined) throw usage('--ca-intermediates needs --ca-roots');
  const stampParts = stamps === undefined ? undefined : splitChain(stamps, 'timestamp-certificate-chain');
  const parts = chain === undefined ? undefined : splitChain(chain, 'certificate-chain');
  const own = parts?.root ?? roots;
  const intermediates = parts?.steps ?? steps;
  if (own === undefined && stampParts === undefined) return base;
  const extended = withOwnPki(base, {
    // Without roots of their own, only the timestamp authority is replaced below.
    roots: own ?? stampParts?.root ?? '',
    ...(intermediates === undefined || intermediates === '' ? {} : { intermediates }),
    ...(stampParts === undefined ? {} : { timestampRoots: stampParts.root }),
    ...(stampParts === undefined || stampParts.steps === '' ? {} : { timestampIntermediates: stampParts.steps }),
  });
  return own === undefined ? { ...extended, certificateAuthorities: base.certificateAuthorities } : extended;
}

function splitChain(pem: string, flag: string): { readonly root: string; readonly steps: string } {
  const certificates = certificatesOf(pem);
  if (certificates.kind === 'malformed')
    throw new LandwaiterError({ code: 'INPUT_UNREADABLE', message: `--${flag}: ${certificates.reason}` });
  const texts = certificates.value.map(({ encoded }) =>
    formatPem({ label: 'CERTIFICATE', bytes: Buffer.from(encoded) }),
  );
  return { root: texts.at(-1) ?? '', steps: texts.slice(0, -1).join('') };
}

function matchOf(values: FlagValues, name: 'certificate-identity' | 'certificate-oidc-issuer'): TextMatch | undefined {
  const exact = values.text(name);
  const expression = values.text(`${name}-regexp`);
  if (exact !== undefined && expression !== undefined)
    throw usage(`--${name} and --${name}-regexp cannot both be given`, 'the exact name is the stricter one');
  if (exact !== undefined) return { kind: 'exact', value: exact };
  return expression === undefined ? undefined : { kind: 'pattern', expression };
}

const workflowClaims = {
  'certificate-github-workflow-trigger': 'workflowTrigger',
  'certificate-github-workflow-sha': 'workflowSha',
  'certificate-github-workflow-name': 'workflowName',
  'certificate-github-workflow-repository': 'workflowRepository',
  'certificate-github-workflow-ref': 'workflowRef',
} as const;

function claimsOf(values: FlagValues): Pick<CertificateIdentity, 'claims'> {
  const claims = Object.entries(workflowClaims).flatMap(([flag, claim]) => {
    const value = values.text(flag);
    return value === undefined ? [] : [[claim, { kind: 'exact', value }] as const];
  });
  return claims.length === 0 ? {} : { claims: Object.fromEntries(claims) };
}

/** The pairs of --annotations; undefined when none is given. Throws USAGE. */
export function annotationsOf(values: FlagValues): Readonly<Record<string, string>> | undefined {
  const words = values.list('annotations').flatMap((word) => word.split(','));
  if (words.length === 0) return undefined;
  return Object.fromEntries(
    words.map((word) => {
      const equals = word.indexOf('=');
      if (equals < 1) throw usage(`--annotations takes KEY=VALUE; "${word}" is none`);
      return [word.slice(0, equals), word.slice(equals + 1)];
    }),
  );
}

// SPDX-License-Identifier: Apache-2.0
// Signatures that ask for a verification plugin (notaryproject/specifications, plugin-extensibility.md, "Verification Extensibility"): which one,
// whether it is new enough, what it is asked, and whether its answer covers everything that it must. Running it is src/io/notation-plugin.ts.
import { semver } from '../../../advisories/versions/semver.ts';
import type { NotationEnvelope } from '../../../formats/notation/envelope.ts';
import type { TrustPolicyStatement } from '../../../formats/notation/trust-policy.ts';
import type { Refusal } from '../refusal.ts';
import { refuse } from '../refusal.ts';

export const pluginCapabilities = {
  trustedIdentity: 'SIGNATURE_VERIFIER.TRUSTED_IDENTITY',
  revocation: 'SIGNATURE_VERIFIER.REVOCATION_CHECK',
} as const;
export type VerificationCapability = (typeof pluginCapabilities)[keyof typeof pluginCapabilities];

export interface InstalledPlugin {
  readonly name: string;
  readonly version: string;
  readonly capabilities: readonly string[];
}

export interface PluginVerdict {
  readonly success: boolean;
  readonly reason: string;
}

export interface PluginAnswer {
  readonly verdicts: ReadonlyMap<VerificationCapability, PluginVerdict>;
  /** Names of the signed attributes that the plugin has looked at. */
  readonly processed: readonly string[];
}

/** A plugin that is installed, and what it answered; undefined before it was asked. */
export interface PluginPart {
  readonly plugin: InstalledPlugin;
  readonly answer: PluginAnswer | undefined;
}

export type PluginLookup = (name: string) => InstalledPlugin | undefined;

/** Undefined when the signature needs no plugin, or the installed one can take part. */
export function checkPlugin(envelope: NotationEnvelope, plugin: InstalledPlugin | undefined): Refusal | undefined {
  const wanted = envelope.plugin;
  if (wanted === undefined) {
    const [unknown] = criticalAttributes(envelope);
    return unknown === undefined
      ? undefined
      : refuse('PLUGIN_REQUIRED', `the critical attribute ${unknown} is not understood, and no plugin is named for it`);
  }
  if (plugin === undefined || plugin.name !== wanted.name)
    return refuse(
      'PLUGIN_REQUIRED',
      `the signature asks for the verification plugin ${wanted.name}, which is not installed`,
    );
  if (!pluginNeeds(plugin).length) return refuse('PLUGIN_REQUIRED', `the plugin ${plugin.name} verifies nothing`);
  const { minimumVersion } = wanted;
  if (minimumVersion === undefined) return undefined;
  if (!semver.isValid(minimumVersion) || !semver.isValid(plugin.version))
    return refuse('PLUGIN_REQUIRED', 'the version of the plugin cannot be compared');
  return semver.compare(plugin.version, minimumVersion) < 0
    ? refuse(
        'PLUGIN_REQUIRED',
        `the signature asks for ${plugin.name} ${minimumVersion}; ${plugin.version} is installed`,
      )
    : undefined;
}

function pluginNeeds({ capabilities }: InstalledPlugin): VerificationCapability[] {
  return Object.values(pluginCapabilities).filter((capability) => capabilities.includes(capability));
}

/** What the plugin is to verify under the statement. */
export function wantedCapabilities(plugin: InstalledPlugin, statement: TrustPolicyStatement): VerificationCapability[] {
  return pluginNeeds(plugin).filter(
    (capability) => capability !== pluginCapabilities.revocation || statement.actions.revocation !== 'skip',
  );
}

/** Critical attributes that only a plugin can understand. */
export function criticalAttributes({ critical, attributes }: NotationEnvelope): readonly string[] {
  return critical.filter((name) => attributes.has(name));
}

/** The question to the plugin (plugin-extensibility.md, "verify-signature"). Times are RFC 3339. */
export function pluginRequest(
  envelope: NotationEnvelope,
  statement: TrustPolicyStatement,
  capabilities: readonly VerificationCapability[],
): Readonly<Record<string, unknown>> {
  const time = (value: number | undefined): string | undefined =>
    value === undefined ? undefined : new Date(value).toISOString();
  const identities = statement.trustedIdentities;
  return {
    contractVersion: '1.0',
    signature: {
      criticalAttributes: {
        contentType: envelope.contentType,
        signingScheme: envelope.scheme,
        expiry: time(envelope.expiry),
        authenticSigningTime: time(envelope.authenticSigningTime),
        extendedAttributes: Object.fromEntries(envelope.attributes),
      },
      unprocessedAttributes: criticalAttributes(envelope),
      certificateChain: envelope.certificates.map(({ encoded }) => encoded.toString('base64')),
    },
    trustPolicy: {
      trustedIdentities: identities === 'anyone' ? ['*'] : identities.map(({ text }) => text),
      signatureVerification: capabilities,
    },
  };
}

/** Undefined when the plugin has looked at every attribute that was marked as critical. */
export function checkPluginAnswer(envelope: NotationEnvelope, { plugin, answer }: PluginPart): Refusal | undefined {
  if (answer === undefined) return refuse('PLUGIN_REQUIRED', `the plugin ${plugin.name} was not asked`);
  const left = criticalAttributes(envelope).find((name) => !answer.processed.includes(name));
  return left === undefined
    ? undefined
    : refuse('PLUGIN_REQUIRED', `the plugin ${plugin.name} did not look at the critical attribute ${left}`);
}

/** What the plugin said about one thing; undefined when it is not its business. */
export function pluginVerdict(
  part: PluginPart | undefined,
  capability: VerificationCapability,
): Refusal | 'good' | undefined {
  if (part === undefined || !part.plugin.capabilities.includes(capability)) return undefined;
  const verdict = part.answer?.verdicts.get(capability);
  if (verdict === undefined)
    return refuse('PLUGIN_REQUIRED', `the plugin ${part.plugin.name} did not answer about ${capability}`);
  return verdict.success
    ? 'good'
    : refuse('PLUGIN_REFUSED', verdict.reason || `the plugin ${part.plugin.name} refused`);
}

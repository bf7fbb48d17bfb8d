// SPDX-License-Identifier: Apache-2.0
// Verification plugins of notation: found in the configuration folder, asked about one signature. Their answers are judged in
// src/evidence/signatures/notation/plugin.ts.
import type {
  InstalledPlugin,
  PluginAnswer,
  PluginPart,
  PluginVerdict,
  VerificationCapability,
} from '../../evidence/signatures/notation/plugin.ts';
import { pluginCapabilities, pluginRequest, wantedCapabilities } from '../../evidence/signatures/notation/plugin.ts';
import type { JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asString, asStrings } from '../../formats/document.ts';
import type { NotationEnvelope } from '../../formats/notation/envelope.ts';
import type { TrustPolicyStatement } from '../../formats/notation/trust-policy.ts';
import { askPlugin } from '../../io/notation-plugin.ts';
import type { NotationFolder } from './notation-folder.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What a plugin says of itself; undefined when it is not installed or calls itself otherwise. Throws PROGRAM_FAILED. */
export async function installedPlugin(
  folder: NotationFolder,
  name: string,
  environment: Environment,
): Promise<InstalledPlugin | undefined> {
  const program = folder.pluginProgram(name);
  if (program === undefined) return undefined;
  const answer = await askPlugin({ program, command: 'get-plugin-metadata', question: {}, environment });
  const stated = asString(answer['name']);
  if (stated !== name) return undefined;
  return {
    name,
    version: asString(answer['version']) ?? '',
    capabilities: asStrings(asArray(answer['capabilities'])),
  };
}

export interface PluginTask {
  readonly folder: NotationFolder;
  readonly environment: Environment;
  readonly envelope: NotationEnvelope;
  readonly statement: TrustPolicyStatement;
}

/** Asks the plugin that an envelope names. Undefined when it names none or it is not installed. Throws PROGRAM_FAILED. */
export async function askVerificationPlugin(task: PluginTask): Promise<PluginPart | undefined> {
  const { folder, environment, envelope, statement } = task;
  const name = envelope.plugin?.name;
  const program = name === undefined ? undefined : folder.pluginProgram(name);
  if (name === undefined || program === undefined) return undefined;
  const plugin = await installedPlugin(folder, name, environment);
  if (plugin === undefined) return undefined;
  const capabilities = wantedCapabilities(plugin, statement);
  if (capabilities.length === 0) return { plugin, answer: undefined };
  const question = pluginRequest(envelope, statement, capabilities);
  const answer = await askPlugin({ program, command: 'verify-signature', question, environment });
  return { plugin, answer: answerOf(answer) };
}

function answerOf(answer: JsonObject): PluginAnswer {
  const verdicts = new Map<VerificationCapability, PluginVerdict>();
  const results = asObject(answer['verificationResults']);
  for (const capability of Object.values(pluginCapabilities)) {
    const result = asObject(results?.[capability]);
    if (result !== undefined)
      verdicts.set(capability, { success: result['success'] === true, reason: asString(result['reason']) ?? '' });
  }
  return { verdicts, processed: asStrings(asArray(answer['processedAttributes'])) };
}

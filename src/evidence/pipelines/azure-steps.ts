// SPDX-License-Identifier: Apache-2.0
// Steps of Azure Pipelines: scripts, tasks, checkouts, artifacts, caches, and the secrets they name. Used by systems/azure-pipelines.ts.
import { componentUse, emptyStep, inputsIn, uniqueSecrets } from './component-use.ts';
import type { ArtifactUse, CacheUse, PlacedText, Script, SecretUse, Step } from './pipeline.ts';
import type { PlacedValue } from './placed-value.ts';
import { allTexts, memberOf, membersOf, placedText, textOf } from './placed-value.ts';
import { isSecretName } from './secret-names.ts';

const scriptKeys = [
  ['script', 'shell'],
  ['bash', 'shell'],
  ['pwsh', 'powershell'],
  ['powershell', 'powershell'],
] as const satisfies readonly (readonly [string, Script['language']])[];

export function azureStep(value: PlacedValue, index: number, known: ReadonlySet<string>): Step {
  const location = value.location;
  const name = textOf(memberOf(value, 'displayName'));
  const condition = placedText(memberOf(value, 'condition'));
  const task = placedText(memberOf(value, 'task'));
  const inputs = inputsIn(memberOf(value, 'inputs'));
  const checkout = textOf(memberOf(value, 'checkout'));
  const script = scriptOf(value, inputs);
  return {
    ...emptyStep(index, location),
    ...(name === undefined ? {} : { name }),
    ...(condition === undefined ? {} : { condition }),
    ...(script === undefined ? {} : { script }),
    ...(task === undefined ? {} : { component: componentUse('task', task, { inputs }) }),
    ...(checkout === undefined || checkout === 'none'
      ? {}
      : {
          checkout: {
            of: 'trigger' as const,
            persistsCredentials: textOf(memberOf(value, 'persistCredentials')) === 'true',
          },
        }),
    variables: membersOf(memberOf(value, 'env')).flatMap(([key, member]) => {
      const text = textOf(member);
      return text === undefined ? [] : [{ name: key, value: text, location: member.location }];
    }),
    secrets: secretsOf(value, inputs, known),
    artifacts: artifactsOf(value, task, inputs),
    caches: cachesOf(task, inputs),
  };
}

function scriptOf(value: PlacedValue, inputs: ReadonlyMap<string, PlacedText>): Script | undefined {
  for (const [key, language] of scriptKeys) {
    const written = placedText(memberOf(value, key));
    if (written !== undefined) return { ...written, language };
  }
  const inline = inputs.get('script') ?? inputs.get('inlineScript') ?? inputs.get('Inline');
  if (inline === undefined) return undefined;
  const kind = `${inputs.get('scriptType')?.text ?? ''} ${textOf(memberOf(value, 'task')) ?? ''}`;
  return {
    ...inline,
    language: /power|pwsh|\bps/i.test(kind) ? 'powershell' : /python/i.test(kind) ? 'python' : 'shell',
  };
}

/** Inputs that name a service connection: a credential that is kept on the server. */
const connectionInput =
  /^(?:azureSubscription|azureResourceManagerConnection|connectedServiceName(?:ARM|Selector)?|dockerRegistryServiceConnection|containerRegistry|kubernetesServiceConnection|kubernetesServiceEndpoint|sshEndpoint|awsCredentials|externalEndpoints?|publishVstsFeed|gitHubConnection|serviceConnection|SonarQube|endpoint)$/i;

function secretsOf(
  value: PlacedValue,
  inputs: ReadonlyMap<string, PlacedText>,
  known: ReadonlySet<string>,
): readonly SecretUse[] {
  const found: SecretUse[] = [];
  for (const { text, location } of allTexts(value)) {
    for (const match of text.slice(0, 200_000).matchAll(/\$\(([A-Za-z_][\w.-]{0,120})\)/g)) {
      const name = match[1] ?? '';
      if (name.toLowerCase() === 'system.accesstoken')
        found.push({ name: 'System.AccessToken', source: 'token', location });
      else if (isSecretName(name) && !known.has(name)) found.push({ name, source: 'secret', location });
    }
  }
  for (const [name, { text, location }] of inputs)
    if (connectionInput.test(name)) found.push({ name: text, source: 'credential', location });
  return uniqueSecrets(found);
}

function artifactsOf(
  value: PlacedValue,
  task: PlacedText | undefined,
  inputs: ReadonlyMap<string, PlacedText>,
): readonly ArtifactUse[] {
  const named = inputs.get('artifactName') ?? inputs.get('ArtifactName') ?? inputs.get('artifact');
  const name = textOf(memberOf(value, 'artifact')) ?? named?.text ?? 'drop';
  const { location } = value;
  if (memberOf(value, 'publish') !== undefined || /^Publish(?:Pipeline|Build)Artifacts?@/.test(task?.text ?? ''))
    return [{ direction: 'upload', name, location }];
  if (memberOf(value, 'download') !== undefined || /^Download(?:Pipeline|Build)Artifacts?@/.test(task?.text ?? ''))
    return [{ direction: 'download', name, location }];
  return [];
}

function cachesOf(task: PlacedText | undefined, inputs: ReadonlyMap<string, PlacedText>): readonly CacheUse[] {
  const key = inputs.get('key');
  if (task === undefined || !/^Cache(?:Beta)?@/.test(task.text)) return [];
  return [{ key: key?.text ?? '', direction: 'both', location: key?.location ?? task.location }];
}

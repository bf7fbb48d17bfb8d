// SPDX-License-Identifier: Apache-2.0
// Steps of Jenkins pipelines: commands, checkouts, wrappers that bring credentials, stashes. Used by systems/jenkins.ts.
import type { GroovyArgument, GroovyCall, GroovyStatement, GroovyValue } from '../../formats/groovy-script.ts';
import { callsIn } from '../../formats/groovy-script.ts';
import type { Location } from '../../model/location.ts';
import type { Problem } from '../../model/problem.ts';
import { componentUse, emptyStep, uniqueSecrets } from './component-use.ts';
import type { ArtifactUse, ImageUse, PlacedText, SecretUse, Step } from './pipeline.ts';

const scriptSteps = { sh: 'shell', bat: 'shell', powershell: 'powershell', pwsh: 'powershell' } as const;
const secretWrappers: ReadonlySet<string> = new Set([
  'withCredentials',
  'sshagent',
  'withVault',
  'withAWS',
  'withKubeConfig',
  'withDockerRegistry',
  'docker.withRegistry',
  'withKubeCredentials',
  'configFileProvider',
]);

/** Steps in the order of the text; what stands in a wrapper sees its secrets. */
export class StepWalk {
  readonly steps: Step[] = [];
  readonly images: ImageUse[] = [];
  readonly artifacts: ArtifactUse[] = [];
  readonly #problems: Problem[];
  readonly #always: readonly SecretUse[];

  constructor(problems: Problem[], always: readonly SecretUse[]) {
    this.#problems = problems;
    this.#always = always;
  }

  statements(statements: readonly GroovyStatement[], secrets: readonly SecretUse[]): void {
    for (const statement of statements) {
      if (statement.kind === 'call') this.#call(statement, secrets);
      else for (const call of callsIn([statement])) this.#call({ ...call, body: [] }, secrets);
    }
  }

  #call(call: GroovyCall, secrets: readonly SecretUse[]): void {
    const { name, location } = call;
    if (name === 'script') {
      const message = 'a script block: its steps are read, what its Groovy computes is not understood';
      this.#problems.push({ kind: 'unsupported', message, location, hidesFindings: false });
    }
    const inner = secretWrappers.has(name)
      ? [...secrets, ...call.arguments.flatMap(({ value }) => credentialsOf(value, location))]
      : secrets;
    this.#step(call, inner);
    this.statements(call.body ?? [], inner);
  }

  #step(call: GroovyCall, secrets: readonly SecretUse[]): void {
    const { name, location } = call;
    const step = {
      ...emptyStep(this.steps.length, location),
      name,
      secrets: uniqueSecrets([...this.#always, ...secrets]),
    };
    const language = name in scriptSteps ? scriptSteps[name as keyof typeof scriptSteps] : undefined;
    const written = scriptText(call.arguments);
    if (language !== undefined && written !== undefined) this.steps.push({ ...step, script: { ...written, language } });
    else if (language !== undefined) {
      const message = `the ${name} step runs what is computed; not understood`;
      this.#problems.push({ kind: 'unsupported', message, location, hidesFindings: true });
    } else if (name === 'checkout' || name === 'git')
      this.steps.push({ ...step, checkout: { of: 'trigger', persistsCredentials: false } });
    else if (name === 'load')
      this.steps.push({
        ...step,
        component: componentUse('template', { text: written?.text ?? '', location }, { isLocal: true }),
      });
    else if (name === 'stash' || name === 'archiveArtifacts') this.#artifact(call, 'upload');
    else if (name === 'unstash' || name === 'copyArtifacts') this.#artifact(call, 'download');
    else if (name === 'docker.image' || name === 'image') {
      const text = written?.text;
      if (text !== undefined) this.images.push({ text, role: 'step', location });
    }
    for (const { value } of call.arguments)
      for (const nested of nestedCalls(value)) if (!secretWrappers.has(name)) this.#step(nested, secrets);
  }

  #artifact(call: GroovyCall, direction: ArtifactUse['direction']): void {
    const named =
      call.arguments.find(({ name }) => name === 'name' || name === 'artifacts' || name === 'projectName') ??
      call.arguments[0];
    this.artifacts.push({ direction, name: textOfValue(named?.value) ?? '', location: call.location });
  }
}

function nestedCalls(value: GroovyValue): readonly GroovyCall[] {
  if (value.kind === 'call') return [value.call];
  return value.kind === 'other' ? value.calls : [];
}

/** `sh 'text'` or `sh(script: 'text', returnStdout: true)`. */
function scriptText(list: readonly GroovyArgument[]): (PlacedText & { readonly interpolated: boolean }) | undefined {
  const named = list.find(({ name }) => name === 'script') ?? list.find(({ name }) => name === undefined);
  const value = named?.value;
  if (value?.kind === 'string') return { text: value.text, location: value.location, interpolated: value.interpolated };
  return value?.kind === 'other' && value.text.trim() !== ''
    ? { text: value.text, location: value.location, interpolated: true }
    : undefined;
}

export function textOfValue(value: GroovyValue | undefined): string | undefined {
  return value?.kind === 'string' || value?.kind === 'word' ? value.text : undefined;
}

/** Ids of credentials: `credentials('id')`, `string(credentialsId: 'id', variable: 'X')`, `sshagent(['id'])`. */
export function credentialsOf(value: GroovyValue, location: Location): readonly SecretUse[] {
  if (value.kind === 'string') return [{ name: value.text, source: 'credential', location }];
  if (value.kind === 'list')
    return value.items.flatMap((item) =>
      item.name === undefined || /credential/i.test(item.name) ? credentialsOf(item.value, location) : [],
    );
  const calls = nestedCalls(value);
  return calls.flatMap((call): readonly SecretUse[] => {
    const named =
      call.arguments.find(({ name }) => name === 'credentialsId' || name === 'credentials' || name === 'path') ??
      (call.name === 'credentials' ? call.arguments[0] : undefined);
    const text = textOfValue(named?.value);
    return text === undefined
      ? call.arguments.flatMap((argument) =>
          argument.value.kind === 'string' ? [] : credentialsOf(argument.value, location),
        )
      : [{ name: text, source: 'credential', location: call.location }];
  });
}

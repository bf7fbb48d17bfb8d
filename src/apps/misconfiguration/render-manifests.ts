// SPDX-License-Identifier: Apache-2.0
// Charts and kustomizations rendered by helm, kustomize or kubectl, where the user asks for it and the program is there. Nothing is fetched: what
// would need the network is not given to the programs. Objects then know their file, but not their line.

import { parseKubernetesYaml } from '../../formats/kubernetes-yaml/documents.ts';
import type { KubernetesResource } from '../../formats/kubernetes-yaml/resources.ts';
import { resourcesOf } from '../../formats/kubernetes-yaml/resources.ts';
import { splitStream } from '../../formats/kubernetes-yaml/split-stream.ts';
import { runProgram } from '../../io/program.ts';
import { messageOf } from '../../model/error.ts';
import type { Problem } from '../../model/problem.ts';

export interface RenderRequest {
  readonly kind: 'helm' | 'kustomize';
  /** Of the disk. */
  readonly directory: string;
  /** The same relative to the root of the target. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Addresses that the folder builds on (KustomizeBuild.remote): with any, no program is started, because it would fetch them. */
  readonly remote: readonly string[];
}

export interface RenderedFolder {
  /** Undefined when no program could do it. */
  readonly resources: readonly KubernetesResource[] | undefined;
  readonly problems: readonly Problem[];
}

const time = 60_000;
const outputBytes = 64 * 1024 * 1024;

/** Variables that the programs get: not the credentials that may be in the environment of a pipeline. */
const passed: readonly string[] = [
  'PATH',
  'HOME',
  'TMPDIR',
  'TEMP',
  'SystemRoot',
  'HELM_CACHE_HOME',
  'HELM_CONFIG_HOME',
];

/** Tries one program after the other; never throws. */
export async function renderManifests(request: RenderRequest): Promise<RenderedFolder> {
  const environment = Object.fromEntries(passed.map((name) => [name, request.environment[name]]));
  const failures = request.remote.map((address) => `it builds on ${address}, which is not fetched`);
  for (const [program, ...parameters] of request.remote.length > 0 ? [] : callsOf(request)) {
    if (program === undefined) continue;
    try {
      const call = { program, arguments: parameters, input: new Uint8Array(), environment, time, outputBytes };
      const { status, output } = await runProgram(call);
      if (status === 0) return readOutput(output.toString('utf8'), request.folder);
      failures.push(`${program} ended with ${status ?? 'a signal'}`);
    } catch (error) {
      failures.push(messageOf(error));
    }
  }
  const problem: Problem = {
    kind: 'unsupported',
    message: `not rendered: ${failures.join('; ')}`.slice(0, 500),
    location: { path: request.folder === '' ? '.' : request.folder },
    hidesFindings: false,
  };
  return { resources: undefined, problems: [problem] };
}

function callsOf({ kind, directory }: RenderRequest): readonly (readonly string[])[] {
  if (kind === 'helm') return [['helm', 'template', 'release', directory, '--skip-tests']];
  return [
    ['kustomize', 'build', directory],
    ['kubectl', 'kustomize', directory],
  ];
}

/** Helm writes `# Source: chart/templates/web.yaml` before each object. */
function readOutput(text: string, folder: string): RenderedFolder {
  const problems: Problem[] = [];
  const resources = splitStream(text).flatMap((part) => {
    const source = /^# Source: [^/\n]{1,200}\/(\S{1,1000})$/m.exec(part.text)?.[1];
    const path = source === undefined ? folder : folder === '' ? source : `${folder}/${source}`;
    const documents = parseKubernetesYaml(part.text, path);
    for (const document of documents) for (const problem of document.problems) problems.push(problem);
    return resourcesOf(documents).resources.map((resource) => ({
      ...resource,
      locate: () => ({ path }),
      locateValue: () => ({ path }),
    }));
  });
  return { resources, problems };
}

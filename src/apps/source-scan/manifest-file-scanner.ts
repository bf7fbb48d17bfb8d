// SPDX-License-Identifier: Apache-2.0
// Configuration among the files of a target: Kubernetes objects (judged together: what a Service selects stands in another file), Dockerfiles, Compose
// files, and what the audit of secrets reads. Collects; judging is manifest-judging.ts.
import type { ManifestProfile } from '../../evidence/misconfiguration/manifest-check.ts';
import type { RepositoryFile } from '../../evidence/misconfiguration/secrets-management/plain-files.ts';
import { parseKubernetesYaml } from '../../formats/kubernetes-yaml/documents.ts';
import type { KubernetesResource } from '../../formats/kubernetes-yaml/resources.ts';
import { resourcesOf } from '../../formats/kubernetes-yaml/resources.ts';
import { decodeText } from '../../formats/text.ts';
import type { Problem } from '../../model/problem.ts';
import type { FileScan, FileScanner } from './file-scanner.ts';
import { pathsOf } from './file-scanner.ts';

export interface ManifestScannerOptions {
  readonly profile: ManifestProfile;
  /** `2026-07-01` */
  readonly today: string;
}

const dockerfileName = /^(?:[\w.-]{1,100}\.)?(?:Dockerfile|Containerfile)(?:\.[\w.-]{1,100})?$/i;
const composeName = /^(?:docker-)?compose(?:[._-][\w.-]{0,100})?\.ya?ml$/;
const otherNames = /\.(?:ya?ml|json|tfvars)$|^(?:[\w.-]{1,100}\.)?kubeconfig$/i;

export function manifestFileScanner(options: ManifestScannerOptions): FileScanner {
  const resources: KubernetesResource[] = [];
  const texts = new Map<string, string>();
  const dockerfiles: RepositoryFile[] = [];
  const composeFiles: RepositoryFile[] = [];
  const others: RepositoryFile[] = [];
  const problems: Problem[] = [];
  return {
    name: 'misconfig',
    rulesDigest: options.profile,
    mayWant: (_folder, name) => isWanted(name),
    wants: (path) => isWanted(nameOf(path)) && !/(?:^|\/)node_modules\//.test(path),
    take: ({ path, bytes }) => {
      const { text, problems: encoding } = decodeText(bytes, path);
      const name = nameOf(path);
      if (dockerfileName.test(name)) {
        dockerfiles.push({ path, text });
        return;
      }
      if (composeName.test(name)) composeFiles.push({ path, text });
      if (mayHoldObjects(text)) {
        const read = parseKubernetesYaml(text, path);
        const found = resourcesOf(read).resources;
        // Templates of other programs have the words too; only a file that holds an object besides is a manifest that is broken.
        if (found.length === 0) return;
        resources.push(...found);
        texts.set(path, text);
        problems.push(...encoding, ...read.flatMap((document) => document.problems));
      } else if (isOfInterestToSecrets(path)) others.push({ path, text });
    },
    finish: async (): Promise<FileScan> => {
      const looked = resources.length + dockerfiles.length + composeFiles.length;
      if (looked + others.length === 0)
        return {
          decisions: [],
          problems,
          notable: new Set(),
          fact: { scanner: 'misconfig', looked, rules: 0, findings: [] },
        };
      const { judgeManifests } = await import('./manifest-judging.ts');
      const collected = { resources, texts, dockerfiles, composeFiles, others };
      const judged = judgeManifests(collected, options);
      const failed = judged.decisions.filter(({ outcome }) => outcome === 'fail');
      const read = [...dockerfiles, ...composeFiles, ...others].map(({ path }) => path);
      return {
        decisions: judged.decisions,
        problems: [...problems, ...judged.problems],
        notable: new Set([...texts.keys(), ...read, ...pathsOf(failed)]),
        fact: {
          scanner: 'misconfig',
          looked,
          rules: judged.rules,
          findings: failed.map(({ finding, locations }) => ({
            id: finding?.kind === 'misconfiguration' ? finding.id : '',
            locations,
          })),
        },
      };
    },
  };
}

function isWanted(name: string): boolean {
  return otherNames.test(name) || (dockerfileName.test(name) && !/\.dockerignore$/i.test(name));
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Cheap, and true for everything that kubectl would take. */
function mayHoldObjects(text: string): boolean {
  return text.includes('apiVersion') && text.includes('kind');
}

/** Values of charts, pipelines, variables, kubeconfigs: what the audit of secrets reads beside objects. */
function isOfInterestToSecrets(path: string): boolean {
  const name = nameOf(path);
  return (
    /^values|^Chart\.yaml$|\.tfvars$|kubeconfig|gitlab-ci|azure-pipelines|pipelines\.ya?ml$|drone/.test(name) ||
    /(?:^|\/)\.(?:github\/workflows|circleci)\//.test(path)
  );
}

// SPDX-License-Identifier: Apache-2.0
// Each system is read into the common model.
import { describe, expect, it } from 'vitest';
import { readPipelines } from './audit.ts';
import type { Job, Pipeline } from './pipeline.ts';
import { PipelineSet } from './pipeline-set.ts';

function read(files: Readonly<Record<string, string>>): {
  readonly pipelines: readonly Pipeline[];
  readonly problems: readonly string[];
} {
  const { pipelines, problems } = readPipelines(Object.entries(files).map(([path, text]) => ({ path, text })));
  return {
    pipelines,
    problems: problems.map(({ kind, location, message }) => `${kind} ${location.path}:${location.line} ${message}`),
  };
}

function jobOf(pipelines: readonly Pipeline[], id: string): Job {
  const job = pipelines.flatMap(({ jobs }) => jobs).find((item) => item.id === id);
  if (job === undefined) throw new Error(`no job ${id}`);
  return job;
}

describe('GitHub Actions', () => {
  it('tells who starts it, runner, rights, environment, identity, secrets and what runs', () => {
    const { pipelines } = read({
      '.github/workflows/release.yml':
        'on: [push, pull_request_target]\njobs:\n  ship:\n    runs-on: [self-hosted, gpu]\n    environment: production\n    permissions: {id-token: write, contents: read}\n    steps:\n      - uses: actions/checkout@v4\n        with: {ref: "${{ github.head_ref }}"}\n      - run: ./go.sh\n        env: {KEY: "${{ secrets.deploy_key }}"}\n',
    });

    const job = jobOf(pipelines, 'ship');
    expect(pipelines[0]?.triggers.map(({ event, actor, trusted }) => [event, actor, trusted])).toEqual([
      ['push', 'contributor', true],
      ['pull_request_target', 'anyone', true],
    ]);
    expect(job.runner).toMatchObject({ kind: 'self-hosted', labels: ['self-hosted', 'gpu'], location: { line: 4 } });
    expect(job.environment).toMatchObject({ name: 'production', location: { line: 5 } });
    expect(job.oidc?.subject).toBe('repo:<this repository>:environment:production');
    expect(job.secrets).toMatchObject([{ name: 'DEPLOY_KEY', source: 'secret', location: { line: 11 } }]);
    expect(job.steps[0]).toMatchObject({
      checkout: { of: 'proposed' },
      component: { name: 'actions/checkout', version: 'v4' },
    });
    expect(job.steps[1]?.script).toMatchObject({ text: './go.sh', location: { line: 10 } });
  });

  it('resolves reusable workflows and follows runs of other workflows', () => {
    const { pipelines } = read({
      '.github/workflows/ci.yml':
        'name: CI\non: pull_request\njobs:\n  a:\n    uses: ./.github/workflows/build.yml\n    secrets: inherit\n',
      '.github/workflows/build.yml':
        'on: workflow_call\njobs:\n  b:\n    runs-on: ubuntu-latest\n    steps: [{run: make}]\n',
      '.github/workflows/after.yml':
        'on: {workflow_run: {workflows: [C*]}}\njobs:\n  c:\n    runs-on: ubuntu-latest\n    steps: [{run: make}]\n',
    });

    const set = new PipelineSet(pipelines);
    const build = set.at('.github/workflows/build.yml');
    const after = set.at('.github/workflows/after.yml');
    expect(
      build === undefined
        ? []
        : set.triggersOf(build).map(({ event, actor, via }) => [event, actor, via.map(({ path }) => path)]),
    ).toEqual([
      ['workflow_call', 'system', []],
      ['pull_request', 'anyone', ['.github/workflows/ci.yml']],
    ]);
    expect(
      after === undefined ? [] : set.triggersOf(after).map(({ event, actor, trusted }) => [event, actor, trusted]),
    ).toContainEqual(['workflow_run', 'anyone', true]);
    expect(jobOf(pipelines, 'a').secrets).toMatchObject([{ source: 'inherited' }]);
  });
});

describe('GitLab CI', () => {
  it('merges local includes, extends, defaults and references, each with its own place', () => {
    const { pipelines, problems } = read({
      '.gitlab-ci.yml':
        'include: /ci/base.yml\ndefault:\n  image: ruby:3.2\nbuild:\n  extends: .base\n  script:\n    - !reference [.setup, script]\n    - make\n  id_tokens: {TOKEN: {aud: https://vault.example.com}}\n  rules:\n    - if: $CI_PIPELINE_SOURCE == "merge_request_event"\n',
      'ci/base.yml': '.base:\n  tags: [own]\n  variables: {LEVEL: "1"}\n.setup:\n  script:\n    - ./setup\n',
    });

    const job = jobOf(pipelines, 'build');
    expect(problems).toEqual([]);
    expect(job.steps.map(({ script, location }) => `${location.path}:${location.line} ${script?.text}`)).toEqual([
      'ci/base.yml:6 ./setup',
      '.gitlab-ci.yml:8 make',
    ]);
    expect(job.images).toMatchObject([{ text: 'ruby:3.2', location: { line: 3 } }]);
    expect(job.runner).toMatchObject({ kind: 'self-hosted', location: { path: 'ci/base.yml', line: 2 } });
    expect(job.triggers).toMatchObject([{ event: 'merge_request_event', actor: 'anyone', trusted: false }]);
    expect(job.oidc?.audience).toBe('https://vault.example.com');
  });

  it('names what it cannot read: includes of other places are kept, missing files are problems', () => {
    const { pipelines, problems } = read({
      '.gitlab-ci.yml':
        'include:\n  - local: missing.yml\n  - project: a/b\n    ref: v1\n    file: [x.yml, y.yml]\na:\n  script: [make]\n',
    });

    expect(problems).toEqual(['unresolved .gitlab-ci.yml:2 the included file missing.yml is not in the tree']);
    expect(pipelines[0]?.includes.map(({ text, version }) => `${text}@${version}`)).toEqual([
      'a/b:x.yml@v1',
      'a/b:y.yml@v1',
    ]);
  });

  it('finds includes of a repository that lies in a folder of the target', () => {
    const { pipelines, problems } = read({
      'shop/.gitlab-ci.yml': 'include: [/ci/a.yml, "ci/more/*.yml"]\n',
      'shop/ci/a.yml': 'a:\n  script: [make]\n',
      'shop/ci/more/b.yml': 'b:\n  script: [make]\n',
      'other/ci/more/c.yml': 'c:\n  script: [make]\n',
    });

    expect(problems).toEqual([]);
    expect(pipelines[0]?.jobs.map(({ id }) => id).toSorted()).toEqual(['a', 'b']);
  });

  it('read only the first of several child pipelines of one job', () => {
    const { pipelines } = read({
      '.gitlab-ci.yml': 'call:\n  trigger: {include: [{local: /ci/a.yml}, ci/b.yml]}\n',
      'ci/a.yml': 'a:\n  script: [make]\n',
      'ci/b.yml': 'b:\n  script: [make]\n',
    });

    expect(pipelines.map(({ path }) => path)).toEqual(['.gitlab-ci.yml', 'ci/a.yml', 'ci/b.yml']);
  });

  it('left out child pipelines beyond a number without a word', () => {
    const names = Array.from({ length: 200 }, (_, index) => `ci/${index}.yml`);
    const { problems } = read({
      '.gitlab-ci.yml': names.map((name, index) => `call${index}:\n  trigger: {include: ${name}}\n`).join(''),
      ...Object.fromEntries(names.map((name) => [name, 'a:\n  script: [make]\n'])),
    });

    expect(problems).toEqual([expect.stringContaining('limit .gitlab-ci.yml')]);
  });

  it('reads child pipelines, which whoever starts the parent starts', () => {
    const { pipelines } = read({
      '.gitlab-ci.yml':
        'call:\n  trigger: {include: [{local: ci/child.yml}]}\n  rules:\n    - if: $CI_PIPELINE_SOURCE == "merge_request_event"\n',
      'ci/child.yml': 'build:\n  script: [make]\n',
    });

    const set = new PipelineSet(pipelines);
    const child = set.at('ci/child.yml');
    expect(jobOf(pipelines, 'call').calls?.resolved).toBe('ci/child.yml');
    expect(child === undefined ? [] : set.triggersOf(child).map(({ event, actor }) => `${event} ${actor}`)).toEqual([
      'parent pipeline system',
      'merge_request_event anyone',
    ]);
  });

  it('takes block scalars in lists at the line of their dash', () => {
    const { pipelines } = read({ '.gitlab-ci.yml': 'a:\n  script:\n    - |\n\n      make\n    - ls\n' });

    expect(jobOf(pipelines, 'a').steps.map(({ location }) => location.line)).toEqual([3, 6]);
  });
});

describe('Azure Pipelines', () => {
  it('expands templates and insertions, and knows pools, groups and connections', () => {
    const { pipelines, problems } = read({
      'azure-pipelines.yml':
        'pr: none\npool: {name: own}\nvariables:\n  - group: prod-secrets\nstages:\n  - stage: build\n    jobs:\n      - template: ci/job.yml\n  - stage: ship\n    jobs:\n      - deployment: web\n        environment: production\n        strategy: {runOnce: {deploy: {steps: [{script: "./deploy $(API_TOKEN)"}]}}}\n',
      'ci/job.yml':
        'jobs:\n  - job: compile\n    pool: {vmImage: ubuntu-latest}\n    steps:\n      - ${{ if eq(1, 1) }}:\n          - script: make\n      - task: AzureCLI@2\n        inputs: {azureSubscription: prod, inlineScript: az group list}\n',
    });

    expect(problems).toEqual([]);
    expect(pipelines[0]?.triggers.map(({ event }) => event)).toEqual(['push']);
    expect(jobOf(pipelines, 'compile')).toMatchObject({
      runner: { kind: 'hosted' },
      steps: [{ script: { text: 'make' } }, { script: { text: 'az group list' } }],
    });
    expect(jobOf(pipelines, 'web')).toMatchObject({
      runner: { kind: 'self-hosted' },
      environment: { name: 'production' },
      needs: ['compile'],
    });
    expect(jobOf(pipelines, 'web').secrets.map(({ name }) => name)).toEqual(['prod-secrets', 'API_TOKEN']);
  });
});

describe('Tekton', () => {
  it('resolves pipelines and tasks of the tree, secrets and volumes', () => {
    const { pipelines } = read({
      '.tekton/run.yaml':
        'apiVersion: tekton.dev/v1\nkind: PipelineRun\nmetadata:\n  name: run\n  annotations:\n    pipelinesascode.tekton.dev/on-event: "[pull_request]"\nspec:\n  pipelineRef: {name: build}\n  workspaces:\n    - name: source\n      persistentVolumeClaim: {claimName: shared}\n',
      'tekton/build.yaml':
        'apiVersion: tekton.dev/v1\nkind: Pipeline\nmetadata: {name: build}\nspec:\n  tasks:\n    - name: compile\n      taskRef: {name: compile}\n      workspaces: [{name: source}]\n    - name: push\n      runAfter: [compile]\n      taskRef: {resolver: git, params: [{name: url, value: https://example.com/tasks}, {name: revision, value: main}]}\n---\napiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: compile}\nspec:\n  workspaces: [{name: source}]\n  steps:\n    - name: go\n      image: golang:1.24\n      env: [{name: KEY, valueFrom: {secretKeyRef: {name: keys, key: api}}}]\n      script: go build ./...\n',
    });

    const job = jobOf(pipelines, 'compile');
    expect(pipelines.map(({ name }) => name)).toEqual(['run']);
    expect(job.secrets).toMatchObject([{ name: 'keys/api' }]);
    expect(job.traits.get('persistent-workspace')?.text).toBe('shared');
    expect(job.steps[0]).toMatchObject({
      image: { text: 'golang:1.24' },
      script: { text: 'go build ./...', location: { path: 'tekton/build.yaml' } },
    });
    expect(jobOf(pipelines, 'push')).toMatchObject({ needs: ['compile'], calls: { version: 'main', isLocal: false } });
  });
});

describe('Jenkins', () => {
  it('reads stages, agents, credentials and commands', () => {
    const { pipelines, problems } = read({
      Jenkinsfile: `@Library('shared@main') _
pipeline {
  agent { label 'linux' } // a machine of our own
  environment { KEY = credentials('deploy') ; LEVEL = '1' }
  stages {
    stage('Build') {
      agent { docker { image 'node:22'; args '--privileged' } }
      steps {
        sh """
          npm ci \${env.CHANGE_TITLE}
        """
      }
    }
    stage('Ship') {
      when { branch 'main' }
      steps { withCredentials([string(credentialsId: 'token', variable: 'T')]) { sh(script: 'deploy', returnStdout: true) } }
    }
  }
}`,
    });

    expect(problems).toEqual([]);
    expect(pipelines[0]?.includes.map(({ text }) => text)).toEqual(['shared@main']);
    expect(jobOf(pipelines, 'Build')).toMatchObject({
      runner: { kind: 'container' },
      images: [{ text: 'node:22', privileged: true }],
    });
    expect(jobOf(pipelines, 'Build').steps[0]?.script).toMatchObject({ interpolated: true, location: { line: 9 } });
    expect(jobOf(pipelines, 'Ship')).toMatchObject({
      runner: { kind: 'self-hosted', labels: ['linux'] },
      triggers: [{ actor: 'maintainer' }],
      needs: ['Build'],
    });
    expect(jobOf(pipelines, 'Ship').secrets.map(({ name }) => name)).toEqual(['deploy', 'token']);
  });

  it('says what it does not understand', () => {
    const scripted = read({ Jenkinsfile: "node('linux') {\n  sh 'make'\n}\n" });
    const odd = read({
      Jenkinsfile:
        "pipeline {\n  agent any\n  stages {\n    stage('A') { steps { sh makeCommand() } }\n    for (x in y) { stage(x) { } }\n  }\n}\n",
    });

    expect(scripted.problems).toEqual([
      'unsupported Jenkinsfile:1 not a declarative pipeline; scripted pipelines are not understood',
    ]);
    expect(
      odd.problems.some((problem) => problem.startsWith('unsupported Jenkinsfile:5 not understood among stages')),
    ).toBe(true);
  });
});

describe('CircleCI', () => {
  it('puts commands in, and knows contexts, orbs and executors', () => {
    const { pipelines, problems } = read({
      '.circleci/config.yml':
        'version: 2.1\norbs: {node: circleci/node@5}\nexecutors: {own: {resource_class: acme/linux}}\ncommands:\n  setup: {steps: [checkout, {run: npm ci}]}\njobs:\n  build:\n    executor: own\n    steps: [setup, {run: {command: "deploy $DEPLOY_TOKEN"}}]\nworkflows:\n  all:\n    jobs:\n      - build: {context: [prod], filters: {branches: {only: main}}}\n      - node/test: {requires: [build]}\n',
    });

    expect(problems).toEqual([]);
    expect(pipelines[0]?.includes).toMatchObject([{ name: 'circleci/node', version: '5' }]);
    expect(jobOf(pipelines, 'build')).toMatchObject({
      runner: { kind: 'self-hosted' },
      triggers: [{ actor: 'maintainer' }],
    });
    expect(jobOf(pipelines, 'build').steps.map(({ script, checkout }) => script?.text ?? checkout?.of)).toEqual([
      'trigger',
      'npm ci',
      'deploy $DEPLOY_TOKEN',
    ]);
    expect(jobOf(pipelines, 'build').secrets.map(({ name, source }) => `${source} ${name}`)).toEqual([
      'context prod',
      'secret DEPLOY_TOKEN',
    ]);
    expect(jobOf(pipelines, 'node/test')).toMatchObject({ needs: ['build'], calls: { name: 'node' } });
  });
});

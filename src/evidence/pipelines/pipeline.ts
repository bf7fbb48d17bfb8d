// SPDX-License-Identifier: Apache-2.0
// The one model of a build pipeline, whatever system runs it: who can start it, what it may do, what it runs, and what it can reach. Systems
// (systems/) fill it, checks (checks/) and the map (map/) read it. Every part knows where it stands.
import type { Location } from '../../model/location.ts';

export const pipelineSystems = [
  'github-actions',
  'gitlab-ci',
  'azure-pipelines',
  'tekton',
  'jenkins',
  'circleci',
] as const;
export type PipelineSystem = (typeof pipelineSystems)[number];

/** Who can make a run start, from least to most trusted: somebody with a fork, somebody who may push a branch, somebody who may merge or release. */
export const actors = ['anyone', 'contributor', 'maintainer', 'schedule', 'system'] as const;
export type Actor = (typeof actors)[number];

export interface PlacedText {
  readonly text: string;
  readonly location: Location;
}

export interface Pipeline {
  readonly system: PipelineSystem;
  /** `component`: nothing starts it by itself; pipelines use it (composite action, template, task). */
  readonly kind: 'pipeline' | 'component';
  readonly path: string;
  readonly name: string;
  readonly location: Location;
  readonly triggers: readonly Trigger[];
  readonly permissions?: Permissions;
  readonly variables: readonly Variable[];
  readonly jobs: readonly Job[];
  readonly includes: readonly ComponentUse[];
  /** What the platform is told about debug output, forks or checkouts, where a check wants it: `ref` of an action, `using`, kinds of a manifest. */
  readonly traits: ReadonlyMap<string, string>;
}

export interface Trigger {
  /** In the system's words: `pull_request_target`, `merge_request_event`, `push`. */
  readonly event: string;
  readonly actor: Actor;
  /** Whose definition and sources are run: those of the change that is proposed, or those of the repository. */
  readonly code: 'proposed' | 'own';
  /** true when secrets and write access are there in a run that this actor started. */
  readonly trusted: boolean;
  readonly location: Location;
  /** Names of the pipelines whose end starts this one. */
  readonly after?: readonly string[];
  readonly branches?: readonly string[];
}

export type AccessLevel = 'none' | 'read' | 'write';

export interface Permissions {
  /** For everything that has no entry of its own. */
  readonly rest: AccessLevel | 'default';
  readonly scopes: ReadonlyMap<string, AccessLevel>;
  readonly location: Location;
}

export type RunnerKind = 'hosted' | 'self-hosted' | 'container' | 'unknown';

export interface Runner {
  readonly kind: RunnerKind;
  readonly labels: readonly string[];
  readonly location: Location;
}

export interface ImageUse {
  /** As written. */
  readonly text: string;
  readonly role: 'job' | 'service' | 'step';
  readonly location: Location;
  /** true when it is run with the rights of the host. */
  readonly privileged?: boolean;
}

export type ComponentKind =
  | 'action'
  | 'reusable-workflow'
  | 'task'
  | 'template'
  | 'include'
  | 'component'
  | 'orb'
  | 'library'
  | 'image';

/** Something of another file or repository that runs as part of this one. */
export interface ComponentUse {
  readonly kind: ComponentKind;
  /** As written. */
  readonly text: string;
  /** Without version: `actions/checkout`, `circleci/node`. */
  readonly name: string;
  readonly version?: string;
  /** Of the same repository. */
  readonly isLocal: boolean;
  /** Path of the file in the tree that it is, where that was found. */
  readonly resolved?: string;
  readonly inputs: ReadonlyMap<string, PlacedText>;
  readonly location: Location;
  /** Facts for the inventory: project, file, ref of an include. */
  readonly facts?: Readonly<Record<string, string>>;
}

export interface Variable {
  readonly name: string;
  readonly value: string;
  readonly location: Location;
}

export type SecretSource =
  | 'secret'
  | 'all-secrets'
  | 'inherited'
  | 'variable-group'
  | 'context'
  | 'credential'
  | 'mount'
  | 'token';

/** A secret that a job or step can read. */
export interface SecretUse {
  readonly name: string;
  readonly source: SecretSource;
  readonly location: Location;
}

export interface Script extends PlacedText {
  readonly language: 'shell' | 'powershell' | 'javascript' | 'python' | 'groovy' | 'other';
  /** The system's own language replaces variables in it before it is run (strings in double quotes of Groovy). */
  readonly interpolated?: boolean;
}

/** The step that brings sources. */
export interface Checkout {
  /** `proposed`: what somebody else wrote, by an explicit reference to it. `trigger`: what started the run. */
  readonly of: 'proposed' | 'trigger';
  readonly persistsCredentials: boolean;
}

export interface Step {
  /** Counted from 0 in its job. */
  readonly index: number;
  readonly id?: string;
  readonly name?: string;
  /** The beginning of the step; for a list of commands that of the command. */
  readonly location: Location;
  readonly script?: Script;
  readonly component?: ComponentUse;
  readonly checkout?: Checkout;
  readonly condition?: PlacedText;
  readonly variables: readonly Variable[];
  readonly secrets: readonly SecretUse[];
  readonly image?: ImageUse;
  readonly artifacts: readonly ArtifactUse[];
  readonly caches: readonly CacheUse[];
}

export interface ArtifactUse {
  readonly direction: 'upload' | 'download';
  readonly name: string;
  readonly location: Location;
}

export interface CacheUse {
  readonly key: string;
  readonly direction: 'save' | 'restore' | 'both';
  readonly location: Location;
}

export interface OidcIdentity {
  /** What a cloud sees as the subject, with `<…>` for what the file does not say. */
  readonly subject: string;
  readonly audience?: string;
  readonly location: Location;
}

export interface Environment {
  readonly name: string;
  readonly location: Location;
}

export interface Job {
  readonly id: string;
  readonly name?: string;
  readonly location: Location;
  /** Never run by itself; others extend it. */
  readonly template: boolean;
  /** Where the job is not started by all triggers of the pipeline. */
  readonly triggers?: readonly Trigger[];
  readonly runner: Runner;
  readonly permissions?: Permissions;
  readonly environment?: Environment;
  readonly oidc?: OidcIdentity;
  readonly needs: readonly string[];
  readonly condition?: PlacedText;
  /** The pipeline it calls instead of having steps. */
  readonly calls?: ComponentUse;
  readonly steps: readonly Step[];
  readonly variables: readonly Variable[];
  readonly secrets: readonly SecretUse[];
  readonly images: readonly ImageUse[];
  readonly artifacts: readonly ArtifactUse[];
  readonly caches: readonly CacheUse[];
  readonly traits: ReadonlyMap<string, PlacedText>;
}

/** A file that is handed in. */
export interface PipelineFile {
  readonly path: string;
  readonly text: string;
}

// SPDX-License-Identifier: Apache-2.0
// A workflow as the lint reads it: every text with its place, nothing interpreted. What is absent or has the wrong shape is undefined.

export interface Text {
  readonly value: string;
  /** Offset in the file: of the anchor, the quote or the `|`, where there is one. */
  readonly offset: number;
  readonly isQuoted: boolean;
  /** Literal or folded. */
  readonly isBlock: boolean;
  /** What YAML makes of the plain scalar. */
  readonly type: 'string' | 'number' | 'boolean' | 'null';
  /** Offset of the character at `index` of the value, exact for the line. */
  at(index: number): number;
}

/** A value that may be given as one `${{ }}`. */
export interface Assigned<T> {
  readonly value?: T;
  readonly expression?: Text;
  readonly offset: number;
}

export interface Named<T> {
  readonly name: Text;
  readonly value: T;
}

/** Keys in lower case where GitHub compares them without case. */
export type Members<T> = ReadonlyMap<string, Named<T>>;

export interface Workflow {
  readonly name?: Text;
  readonly runName?: Text;
  readonly events: readonly WorkflowEvent[];
  readonly permissions?: Permissions;
  readonly environment?: Environment;
  readonly defaults?: Defaults;
  readonly concurrency?: Concurrency;
  readonly jobs: Members<Job>;
}

export type WorkflowEvent =
  | WebhookEvent
  | ScheduleEvent
  | DispatchEvent
  | RepositoryDispatchEvent
  | CallEvent
  | ImageVersionEvent;

export interface WebhookEvent {
  readonly kind: 'webhook';
  readonly hook: Text;
  readonly types?: readonly Text[];
  /** In the order of the file. */
  readonly filters: readonly EventFilter[];
  readonly workflows?: { readonly name: Text; readonly values: readonly Text[] };
}

export type FilterName = 'branches' | 'branches-ignore' | 'tags' | 'tags-ignore' | 'paths' | 'paths-ignore';

export interface EventFilter {
  readonly filter: FilterName;
  readonly name: Text;
  readonly values: readonly Text[];
}

export interface ScheduleEvent {
  readonly kind: 'schedule';
  readonly entries: readonly { readonly cron?: Text; readonly timezone?: Text }[];
}

export interface RepositoryDispatchEvent {
  readonly kind: 'repository_dispatch';
  readonly types?: readonly Text[];
}

export interface ImageVersionEvent {
  readonly kind: 'image_version';
  readonly names?: readonly Text[];
  readonly versions?: readonly Text[];
}

export type DispatchInputType = 'string' | 'number' | 'boolean' | 'choice' | 'environment';

export interface DispatchInput {
  readonly description?: Text;
  readonly required?: Assigned<boolean>;
  readonly default?: Text;
  readonly type?: DispatchInputType;
  readonly options?: readonly Text[];
}

export interface DispatchEvent {
  readonly kind: 'workflow_dispatch';
  readonly offset: number;
  readonly inputs: Members<DispatchInput>;
}

export interface CallInput {
  readonly description?: Text;
  readonly required?: Assigned<boolean>;
  readonly default?: Text;
  /** Undefined: missing or not one of them. */
  readonly type?: 'string' | 'number' | 'boolean';
}

export interface CallSecret {
  readonly required?: Assigned<boolean>;
}

export interface CallEvent {
  readonly kind: 'workflow_call';
  readonly inputs: Members<CallInput>;
  /** Undefined: the workflow does not say which secrets it takes, so the caller may hand over all (`secrets: inherit`). */
  readonly secrets?: Members<CallSecret>;
  readonly outputs: Members<Text | undefined>;
}

export interface Permissions {
  /** For all scopes at once. */
  readonly all?: Text;
  readonly scopes: Members<Text>;
}

export interface Environment {
  readonly expression?: Text;
  readonly variables: Members<Text>;
}

export interface Defaults {
  readonly shell?: Text;
  readonly workingDirectory?: Text;
}

export interface Concurrency {
  readonly group?: Text;
  readonly cancelInProgress?: Assigned<boolean>;
}

export interface DeploymentEnvironment {
  readonly name?: Text;
  readonly url?: Text;
  readonly deployment?: Assigned<boolean>;
}

export interface Job {
  readonly id: Text;
  readonly name?: Text;
  readonly needs: readonly Text[];
  readonly runsOn?: Runner;
  readonly permissions?: Permissions;
  readonly deployment?: DeploymentEnvironment;
  readonly concurrency?: Concurrency;
  readonly outputs: Members<Text>;
  readonly environment?: Environment;
  readonly defaults?: Defaults;
  readonly condition?: Text;
  readonly steps: readonly Step[];
  readonly timeoutMinutes?: Assigned<number>;
  readonly strategy?: Strategy;
  readonly continueOnError?: Assigned<boolean>;
  readonly container?: Container;
  readonly services?: Services;
  readonly snapshot?: Snapshot;
  /** Set when the job calls a reusable workflow. */
  readonly call?: WorkflowCall;
}

export interface Runner {
  readonly labels: readonly Text[];
  /** All labels as one `${{ }}`. */
  readonly labelsExpression?: Text;
  readonly group?: Text;
}

export interface WorkflowCall {
  readonly uses: Text;
  readonly inputs: Members<Text>;
  readonly secrets: Members<Text>;
  readonly inheritsSecrets: boolean;
}

export interface Credentials {
  readonly expression?: Text;
  readonly username?: Text;
  readonly password?: Text;
}

export interface Container {
  readonly image?: Text;
  readonly credentials?: Credentials;
  readonly environment?: Environment;
  readonly ports: readonly Text[];
  readonly volumes: readonly Text[];
  readonly options?: Text;
  readonly entrypoint?: Text;
  readonly command?: Text;
}

export interface Services {
  readonly expression?: Text;
  readonly containers: Members<Container>;
}

export interface Snapshot {
  readonly imageName?: Text;
  readonly version?: Text;
  readonly condition?: Text;
}

export interface Strategy {
  readonly matrix?: Matrix;
  readonly failFast?: Assigned<boolean>;
  readonly maxParallel?: Assigned<number>;
}

export interface Matrix {
  /** Of the key. */
  readonly offset: number;
  readonly expression?: Text;
  readonly rows: Members<MatrixRow>;
  readonly include?: Combinations;
  readonly exclude?: Combinations;
}

export interface MatrixRow {
  readonly expression?: Text;
  readonly values: readonly RawValue[];
}

export interface Combinations {
  readonly expression?: Text;
  readonly combinations: readonly { readonly expression?: Text; readonly assigns: Members<RawValue> }[];
}

/** Any YAML value, for matrices. */
export type RawValue =
  | { readonly kind: 'scalar'; readonly text: Text; readonly offset: number }
  | { readonly kind: 'array'; readonly items: readonly RawValue[]; readonly offset: number }
  | { readonly kind: 'object'; readonly members: Members<RawValue>; readonly offset: number };

export interface Step {
  readonly offset: number;
  readonly id?: Text;
  readonly condition?: Text;
  readonly name?: Text;
  readonly environment?: Environment;
  readonly continueOnError?: Assigned<boolean>;
  readonly timeoutMinutes?: Assigned<number>;
  readonly execution?: RunStep | ActionStep;
}

export interface RunStep {
  readonly kind: 'run';
  readonly run?: Text;
  readonly shell?: Text;
  readonly workingDirectory?: Text;
}

export interface ActionStep {
  readonly kind: 'action';
  readonly uses?: Text;
  readonly inputs: Members<Text>;
}

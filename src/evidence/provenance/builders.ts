// SPDX-License-Identifier: Apache-2.0
// Who is trusted to build, and how far: the (signer, builder) pairs of SLSA "Verifying artifacts", step 1, as data. A level stands here because
// of how the builder works (slsa.dev/spec/v1.2/build-track-basics), never because a predicate says so. Source of the table in docs/provenance.md.

export type BuildLevel = 0 | 1 | 2 | 3;

export interface TrustedBuilder {
  /** Address of the workflow or service, without the version it ran from. */
  readonly id: string;
  readonly title: string;
  /** The most that provenance of this builder can show. */
  readonly level: BuildLevel;
  readonly reason: string;
  /**
   * `workflow`: the certificate names it. `delegator`: signs for another builder, which the predicate names. `delegated`: such a builder.
   * `runner`: the job of the project itself on a machine of the service. `service`: signs with keys of its own.
   */
  readonly kind: 'workflow' | 'delegator' | 'delegated' | 'runner' | 'service';
}

const generator = 'https://github.com/slsa-framework/slsa-github-generator/.github/workflows';
const isolated =
  'runs as a reusable workflow that the project cannot change, and signs where the build steps cannot reach';

export const trustedBuilders: readonly TrustedBuilder[] = [
  workflow('generator_generic_slsa3.yml', 'Generic generator'),
  workflow('generator_container_slsa3.yml', 'Container generator'),
  workflow('builder_go_slsa3.yml', 'Go builder'),
  workflow('builder_container-based_slsa3.yml', 'Container-based builder'),
  delegator('delegator_generic_slsa3.yml', 'Delegator for builders of others'),
  delegator('delegator_lowperms-generic_slsa3.yml', 'Delegator for builders of others, fewer permissions'),
  delegated('builder_nodejs_slsa3.yml', 'Node.js builder'),
  delegated('builder_maven_slsa3.yml', 'Maven builder'),
  delegated('builder_gradle_slsa3.yml', 'Gradle builder'),
  delegated('builder_bazel_slsa3.yml', 'Bazel builder'),
  {
    id: 'https://github.com/actions/runner/github-hosted',
    title: 'GitHub-hosted runner',
    level: 2,
    reason: 'the service signs for the job of the project; the steps of that job write what else the predicate says',
    kind: 'runner',
  },
  {
    id: 'https://github.com/actions/runner/self-hosted',
    title: 'Self-hosted runner of GitHub Actions',
    level: 1,
    reason: 'the machine is not operated by the service',
    kind: 'runner',
  },
  {
    id: 'https://cloudbuild.googleapis.com/GoogleHostedWorker',
    title: 'Google Cloud Build',
    level: 3,
    reason: 'the service builds on machines of its own and signs with keys that no build can use',
    kind: 'service',
  },
];

function workflow(file: string, title: string): TrustedBuilder {
  return { id: `${generator}/${file}`, title, level: 3, reason: isolated, kind: 'workflow' };
}

function delegator(file: string, title: string): TrustedBuilder {
  return { id: `${generator}/${file}`, title, level: 3, reason: isolated, kind: 'delegator' };
}

function delegated(file: string, title: string): TrustedBuilder {
  return { id: `${generator}/${file}`, title, level: 3, reason: isolated, kind: 'delegated' };
}

/** The row of a builder; the whole address must be equal. */
export function findBuilder(
  id: string,
  table: readonly TrustedBuilder[] = trustedBuilders,
): TrustedBuilder | undefined {
  return table.find((builder) => builder.id === id);
}

/** A builder and the version it ran from. */
export interface BuilderId {
  readonly id: string;
  readonly ref: string | undefined;
}

/** Splits `https://host/…/builder.yml@refs/tags/v1.2.3` and `https://service/Worker@v0.3` at the first `@`. */
export function builderIdOf(text: string): BuilderId {
  const at = text.indexOf('@');
  return at === -1 ? { id: text, ref: undefined } : { id: text.slice(0, at), ref: text.slice(at + 1) };
}

/**
 * Whether a builder is the one that was asked for. Without a version any is meant; `@v1.2.3` means the tag, as slsa-verifier has it, and never a
 * branch of that name.
 */
export function isBuilderAskedFor(actual: BuilderId, asked: string): boolean {
  const wanted = builderIdOf(asked);
  if (wanted.id !== actual.id) return false;
  if (wanted.ref === undefined) return true;
  return actual.ref === wanted.ref || (!wanted.ref.includes('/') && actual.ref === `refs/tags/${wanted.ref}`);
}

// SPDX-License-Identifier: Apache-2.0
// The command for where artifacts come from. Light: what they do is loaded when they run.
import type { CommandEntry } from '../command.ts';

export const provenanceCommands: readonly CommandEntry[] = [
  {
    name: 'provenance',
    summary: 'say and check where an artifact comes from (SLSA)',
    operands: 'generate [ARTIFACT...] | verify ARTIFACT... | vsa create ARTIFACT | vsa verify ARTIFACT|commit:HEX',
    description:
      'An ARTIFACT is a file, sha256:HEX, image:REFERENCE@sha256:HEX or an image layout (oci-dir:PATH). `verify` checks signature, builder, source, branch, tag and inputs of SLSA provenance 0.1 to 1, and says which build level it shows and why not more. It asks no log; of registries it asks only for what hangs on an image that is named. `generate` describes the build it runs in, unsigned. `vsa` makes and checks summaries of verifications.',
    flags: [
      'provenance',
      'bundle',
      'source-uri',
      'source-branch',
      'source-tag',
      'source-versioned-tag',
      'source-digest',
      'source-ref',
      'builder-id',
      'build-workflow-input',
      'package-name',
      'package-version',
      'owner',
      'repo',
      'signer-repo',
      'signer-workflow',
      'signer-digest',
      'hostname',
      'certificate-identity',
      'certificate-identity-regexp',
      'certificate-oidc-issuer',
      'certificate-oidc-issuer-regexp',
      'certificate-github-workflow-trigger',
      'predicate-type',
      'deny-self-hosted-runners',
      'slsa-level',
      'trusted-root',
      'registry-keys',
      'service-keys',
      'insecure-ignore-tlog',
      'insecure-registry',
      'key',
      'ci',
      'build-command',
      'verifier-id',
      'resource-uri',
      'verified-level',
      'max-age',
      'policy-uri',
      'policy-file',
      'print-provenance',
      'format',
      'output',
      'evidence',
    ],
    examples: [
      {
        command:
          'landwaiter provenance verify app.tar.gz --provenance app.intoto.jsonl --source-uri github.com/acme/app --source-tag v1.4.0',
        does: 'a release of a project',
      },
      {
        command: 'landwaiter provenance verify image:registry.example/acme/app@sha256:… --repo acme/app',
        does: 'an image with what hangs on it',
      },
      {
        command:
          'landwaiter provenance generate --format predicate | landwaiter attest --predicate - --type slsaprovenance1 IMAGE',
        does: 'in a CI job, signed with its token',
      },
    ],
    exits: {
      0: 'verified, or written',
      1: 'a check failed; each is named with what was expected and found',
      2: 'wrong usage or configuration',
      3: 'something could not be looked at',
    },
    load: () => import('../commands/provenance.ts'),
  },
];

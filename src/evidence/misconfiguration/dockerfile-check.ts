// SPDX-License-Identifier: Apache-2.0
// What a check of Dockerfiles is. Pure. The list is dockerfile-checks/index.ts; running it is check-dockerfile.ts. The rules are made from Docker's
// own documentation; names of other linters' rules are given so that their comments and reports can be matched.

import type { Dockerfile } from '../../formats/dockerfile-stages.ts';
import type { Severity } from '../../model/severity.ts';

export interface DockerfileCheck {
  /** Kebab case, unique among all checks of misconfiguration; also the name of the file. */
  readonly id: string;
  readonly title: string;
  /** What Trivy (`DS-0001`), hadolint (`DL3006`) and the CIS Docker benchmark (`CIS-DI-0001`) call it, sorted. */
  readonly aliases: readonly string[];
  readonly severity: Severity;
  /** Why it matters, in one sentence. */
  readonly why: string;
  /** What to do, in one sentence. */
  readonly remediation: string;
  readonly urls: readonly string[];
  /** Smallest Dockerfiles that show the check: `good` gives no fault, `bad` at least one. */
  readonly example: { readonly good: string; readonly bad: string };
  run(file: Dockerfile): readonly DockerfileFault[];
}

export interface DockerfileFault {
  /** One sentence without a full stop; secrets redacted. */
  readonly message: string;
  readonly line: number;
  readonly endLine: number;
  readonly severity?: Severity;
  /** Text of the instruction, and what would make it right in its place: `ADD` and `COPY`. The first occurrence is meant. */
  readonly edit?: DockerfileEdit;
}

export interface DockerfileEdit {
  readonly from: string;
  readonly to: string;
  /** `unsafe` when the image could come out differently for an honest user. */
  readonly safety: 'safe' | 'unsafe';
}

export function defineDockerfileCheck(check: DockerfileCheck): DockerfileCheck {
  return check;
}

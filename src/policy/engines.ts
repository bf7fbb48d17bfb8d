// SPDX-License-Identifier: Apache-2.0
// The list of all policy engines. A new dialect is one engine and one line here.
import { admissionPolicyEngine } from './admission-policy/engine.ts';
import type { PolicyEngine } from './engine.ts';
import { imagePolicyEngine } from './image-policy/engine.ts';
import { kyvernoPolicyEngine } from './kyverno/policy-engine.ts';
import { podSecurityEngine } from './pod-security/engine.ts';

export const policyEngines: readonly PolicyEngine[] = [
  admissionPolicyEngine,
  podSecurityEngine,
  imagePolicyEngine,
  kyvernoPolicyEngine,
];

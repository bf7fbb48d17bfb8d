// SPDX-License-Identifier: Apache-2.0

/** Forms of gitleaks' report that are written. */
export const gitleaksForms = ['json', 'csv', 'junit', 'sarif'] as const;
export type GitleaksForm = (typeof gitleaksForms)[number];

// SPDX-License-Identifier: Apache-2.0

/** How sure a check is that what it reports is real; apart from how bad it would be. From most to least. */
export const confidences = ['high', 'medium', 'low'] as const;
export type Confidence = (typeof confidences)[number];

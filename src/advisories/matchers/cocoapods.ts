// SPDX-License-Identifier: Apache-2.0
// Pods. No public feed is kept by the names of pods; a database that somebody builds may be. Subspecs (`Firebase/Core`) belong to their pod.
import { languageMatcher } from '../language-matcher.ts';

export const cocoapods = languageMatcher({
  id: 'cocoapods',
  types: ['cocoapods'],
  ecosystem: 'CocoaPods',
  nameOf: (item) => item.name.split('/')[0],
});

// SPDX-License-Identifier: Apache-2.0
// Packages of Alpine, Wolfi, Chainguard and other apk distributions. Their databases speak of origin packages.
import { systemMatcher } from '../system-matcher.ts';

export const alpine = systemMatcher({ id: 'alpine', types: ['apk'] });

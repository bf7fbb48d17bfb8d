// SPDX-License-Identifier: Apache-2.0
// NuGet packages.
import { languageMatcher } from '../language-matcher.ts';

export const dotnet = languageMatcher({ id: 'dotnet', types: ['nuget'], ecosystem: 'NuGet' });

// SPDX-License-Identifier: Apache-2.0
// Hex packages of Elixir, Erlang and Gleam.
import { languageMatcher } from '../language-matcher.ts';

export const erlang = languageMatcher({ id: 'erlang', types: ['hex'], ecosystem: 'Hex' });

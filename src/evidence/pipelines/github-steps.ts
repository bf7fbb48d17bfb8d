// SPDX-License-Identifier: Apache-2.0
// What well-known actions of GitHub do that the model has words for: bringing sources, keeping caches, handing artifacts on.
import type { ArtifactUse, CacheUse, Checkout, ComponentUse } from './pipeline.ts';

/** Whose sources a step brings; `gh pr checkout` and a fetch of a pull request bring those of somebody else. */
export function checkoutOf(component: ComponentUse | undefined, script: string | undefined): Checkout | undefined {
  if (component?.name.toLowerCase() === 'actions/checkout') {
    const wanted = [component.inputs.get('ref')?.text ?? '', component.inputs.get('repository')?.text ?? ''];
    const persistsCredentials = component.inputs.get('persist-credentials')?.text !== 'false';
    return { of: wanted.some(isProposed) ? 'proposed' : 'trigger', persistsCredentials };
  }
  if (script === undefined) return undefined;
  const isPull =
    /\bgh\s{1,5}pr\s{1,5}checkout\b|\bgit\s[^\n]{0,200}\bpull\/[^\n]{0,100}\/(?:head|merge)\b|\bgit\s{1,5}(?:checkout|switch|fetch|pull|clone)\b[^\n]{0,200}\$\{\{[^}\n]{0,100}\bhead[._]/.test(
      script.slice(0, 100_000),
    );
  return isPull ? { of: 'proposed', persistsCredentials: false } : undefined;
}

/** A reference that an expression computes, unless it can only be the repository's own. */
function isProposed(text: string): boolean {
  const expressions = text.slice(0, 2000).match(/\$\{\{[^}]{0,500}\}\}/g) ?? (text.includes('${{') ? [text] : []);
  return expressions.some(
    (expression) =>
      !/^\$\{\{\s*(?:github\.(?:sha|ref|ref_name|base_ref|repository|event\.repository\.[\w.]{1,60}|event\.pull_request\.base\.[\w.]{1,60})|env\.\w{1,60}|vars\.\w{1,60}|matrix\.\w{1,60})\s*\}\}$/.test(
        expression,
      ),
  );
}

export function githubArtifacts(component: ComponentUse | undefined): readonly ArtifactUse[] {
  const name = component?.name.toLowerCase();
  if (component === undefined || (name !== 'actions/upload-artifact' && name !== 'actions/download-artifact'))
    return [];
  const given = component.inputs.get('name')?.text ?? component.inputs.get('pattern')?.text;
  const isUpload = name === 'actions/upload-artifact';
  return [
    {
      direction: isUpload ? 'upload' : 'download',
      name: given ?? (isUpload ? 'artifact' : '*'),
      location: component.location,
    },
  ];
}

/** Actions that set up a tool and keep its downloads, with the input that makes them do so. */
const caching: Readonly<Record<string, { readonly input: string; readonly byDefault: boolean }>> = {
  'actions/setup-node': { input: 'cache', byDefault: false },
  'actions/setup-python': { input: 'cache', byDefault: false },
  'actions/setup-java': { input: 'cache', byDefault: false },
  'actions/setup-dotnet': { input: 'cache', byDefault: false },
  'actions/setup-go': { input: 'cache', byDefault: true },
  'ruby/setup-ruby': { input: 'bundler-cache', byDefault: false },
  'swatinem/rust-cache': { input: 'save-if', byDefault: true },
  'gradle/actions/setup-gradle': { input: 'cache-disabled', byDefault: true },
};

export function githubCaches(component: ComponentUse | undefined): readonly CacheUse[] {
  if (component === undefined) return [];
  const name = component.name.toLowerCase();
  const { location } = component;
  if (/^actions\/cache(?:\/(?:save|restore))?$/.test(name)) {
    const direction = name.endsWith('/save') ? 'save' : name.endsWith('/restore') ? 'restore' : 'both';
    return [{ key: component.inputs.get('key')?.text ?? '', direction, location }];
  }
  const known = Object.hasOwn(caching, name) ? caching[name] : undefined;
  if (known === undefined) return [];
  const given = component.inputs.get(known.input)?.text;
  const isOn = given === undefined ? known.byDefault : given !== 'false' && given !== '';
  return isOn ? [{ key: `${name} ${given ?? ''}`.trim(), direction: 'both', location }] : [];
}

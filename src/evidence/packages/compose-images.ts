// SPDX-License-Identifier: Apache-2.0
// Images that the services of a Compose file run; variables come from `.env` beside it and from defaults.
// https://github.com/compose-spec/compose-spec/blob/main/spec.md
import { asObject, asString, entriesOf } from '../../formats/document.ts';
import type { Variables } from '../../formats/shell-variables.ts';
import { substituteVariables } from '../../formats/shell-variables.ts';
import { decodeText } from '../../formats/text.ts';
import { parseYamlDocument } from '../../formats/yaml.ts';
import type { Package } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import type { SourceFile } from '../../sources/source.ts';
import { imagePackage, parseImageReference, uniqueImages } from '../package-facts/image-reference.ts';
import type { CatalogResult, CompanionFiles } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const composeImages = defineCataloger({
  id: 'compose-images',
  title: 'compose.yaml, docker-compose.yml',
  ecosystems: ['docker'],
  kind: 'declared',
  files: ['**/docker-compose*.yml', '**/docker-compose*.yaml', '**/compose*.yml', '**/compose*.yaml'],
  companions: ['**/.env'],
  capabilities: {
    versions: 'declared',
    dependencies: 'none',
    scopes: false,
    licenses: false,
    digests: true,
    lines: true,
    gaps: ['variables of the environment', '`extends` and `include` of other files', 'what is inside the images'],
  },
  parse: parseCompose,
});

function parseCompose(file: SourceFile, tree: CompanionFiles): CatalogResult {
  const { text, problems: encoding } = decodeText(file.bytes, file.path);
  const document = parseYamlDocument(text, file.path, { resolver: 'strings', merge: 'on' });
  const services = asObject(asObject(document.value)?.['services']);
  const problems: Problem[] = [...encoding];
  // `compose*.yaml` may be anything; a broken file counts only when it begins to look like a Compose file.
  if (/^services\s{0,8}:/m.test(text)) problems.push(...document.problems);
  const variables = environmentBeside(file.path, tree);
  const images: Package[] = [];
  for (const [name, value] of entriesOf(services)) {
    const written = asString(asObject(value)?.['image']);
    if (written === undefined) continue;
    const location = document.locate(['services', name, 'image']);
    const image = substituteVariables(written, variables);
    const reference = image === undefined ? undefined : parseImageReference(image);
    if (reference !== undefined) images.push(imagePackage(reference, location));
    else {
      const message = `image ${written.slice(0, 200)} depends on a value that the file does not give`;
      problems.push({ kind: 'unresolved', message, location, hidesFindings: false });
    }
  }
  return { packages: uniqueImages(images), problems };
}

function environmentBeside(path: string, tree: CompanionFiles): Variables {
  const file = tree.get(`${path.slice(0, path.lastIndexOf('/') + 1)}.env`);
  const variables = new Map<string, string>();
  for (const line of file === undefined ? [] : decodeText(file.bytes, file.path).text.split('\n')) {
    const [, name = '', value = ''] =
      /^\s{0,40}(?:export\s{1,8})?([A-Za-z_]\w{0,200})\s{0,8}=(.{0,4000})$/.exec(line.trimEnd()) ?? [];
    if (name !== '') variables.set(name, value.trim().replace(/^(["'])(.*)\1$/, '$2'));
  }
  return variables;
}

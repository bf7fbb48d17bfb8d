// SPDX-License-Identifier: Apache-2.0
// *.safetensors: models as Hugging Face publishes them. One model is one folder, whatever number of files its weights are cut into;
// config.json and README.md beside them say its name and licence. Only the heads of the weights are read.
import { asObject, asString } from '../../formats/document.ts';
import { parseJson } from '../../formats/json.ts';
import { parseSafetensorsHead } from '../../formats/safetensors.ts';
import { decodeText } from '../../formats/text.ts';
import type { Package } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import { formatPurl } from '../../model/purl.ts';
import type { SourceFile } from '../../sources/source.ts';
import { licenseIdOfText, modelName, readModelCard } from '../package-facts/model-card.ts';
import type { CatalogResult, CompanionFiles } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

/** Folders in which models usually lie: every project has a README.md, and not all of them can be read for the sake of a few models. */
const modelFolders = ['**/models/**', '**/models--*/**'];

export const safetensorsModel = defineCataloger({
  id: 'safetensors-model',
  title: '*.safetensors (AI models)',
  ecosystems: ['generic'],
  kind: 'installed',
  files: ['**/*.safetensors'],
  reads: { part: 'beginning', limit: 'modelHeadBytes' },
  companions: modelFolders.map((folder) => `${folder}/{config.json,README.md,LICENSE}`),
  condense: condenseDescription,
  gather: { placeOf: folderOf, link: mergeShards },
  capabilities: {
    versions: 'declared',
    dependencies: 'none',
    scopes: false,
    licenses: true,
    digests: false,
    lines: false,
    gaps: [
      'versions: nothing beside the weights states one',
      'the model card and configuration of models that lie neither below models/ nor in a cache of Hugging Face: there the folder names the model',
    ],
  },
  parse: parseModel,
});

function parseModel(file: SourceFile, tree: CompanionFiles): CatalogResult {
  const { head, problems } = parseSafetensorsHead(file.bytes, file.path);
  if (head === undefined) return { packages: [], problems };
  const folder = folderOf(file.path);
  const read = (name: string): string => textOf(tree.get(folder === '' ? name : `${folder}/${name}`));
  const configuration = asObject(parseJson(read('config.json') || '{}', file.path).value);
  const name = modelName(asString(configuration?.['_name_or_path']) ?? '', folder);
  if (name === '') return { packages: [], problems };
  const card = readModelCard(read('README.md'));
  const license = card?.license ?? licenseIdOfText(read('LICENSE'));
  const architecture = asString(configuration?.['model_type']);
  const purl = formatPurl({ type: 'generic', name });
  const found = packageOf({
    name,
    version: '',
    type: 'generic',
    purl,
    locations: [{ path: file.path }],
    licenses: license === undefined ? [] : [license],
    facts: {
      ...(architecture === undefined ? {} : { architecture }),
      other: {
        kind: 'model',
        format: 'safetensors',
        quantization: head.numberType,
        parameters: String(head.parameters),
        tensors: String(head.tensors),
        ...(card === undefined || card.baseModels.length === 0 ? {} : { baseModels: card.baseModels.join(', ') }),
      },
    },
  });
  return { packages: [found], problems };
}

/** All files of the folder are one model: its tensors are those of all of them. */
function mergeShards(packages: readonly Package[]): readonly Package[] {
  const [first] = packages;
  if (first === undefined || packages.length === 1) return packages;
  const sum = (key: string): string =>
    String(packages.reduce((total, item) => total + Number(item.facts?.other?.[key] ?? 0), 0));
  const other = { ...first.facts?.other, parameters: sum('parameters'), tensors: sum('tensors') };
  return [{ ...first, locations: packages.flatMap((item) => item.locations), facts: { ...first.facts, other } }];
}

/** Of a README or licence only the head is looked at, and most have none. */
function condenseDescription(file: SourceFile): Uint8Array | undefined {
  if (file.path.endsWith('.json')) return file.bytes.length > 65_536 ? undefined : file.bytes;
  const start = Buffer.from(file.bytes.subarray(0, 65_536));
  return start.subarray(0, 6).includes('---') ? start : undefined;
}

function textOf(file: SourceFile | undefined): string {
  return file === undefined ? '' : decodeText(file.bytes, file.path).text;
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

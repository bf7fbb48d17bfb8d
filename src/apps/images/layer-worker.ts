// SPDX-License-Identifier: Apache-2.0
// The module of a worker thread that reads layers; an entry point of its own in the bundle.
import { CatalogRun } from '../../evidence/packages/catalog.ts';
import { catalogers } from '../../evidence/packages/index.ts';
import type { SendPart } from '../../io/workers.ts';
import { serveTasks } from '../../io/workers.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { CatalogedLayer, LayerTask } from './layer-reading.ts';
import { catalogLayerInPortions, layerOfTask } from './layer-reading.ts';

const plain = new CatalogRun(catalogers);
let withFiles: CatalogRun | undefined;

serveTasks((task: LayerTask, send: SendPart): Promise<CatalogedLayer> => {
  const only = task.only === undefined ? undefined : new Map(task.only);
  const reading = { run: runFor(task.files), catalogers, limits: defaultLimits, only };
  return catalogLayerInPortions(layerOfTask(task), reading, send);
});

function runFor(files: LayerTask['files']): CatalogRun {
  if (files === undefined) return plain;
  withFiles ??= new CatalogRun(catalogers, { files });
  return withFiles;
}

// SPDX-License-Identifier: Apache-2.0
// The module of a worker thread that reads layers; an entry point of its own in the bundle.
import { CatalogRun } from '../../evidence/packages/catalog.ts';
import { catalogers } from '../../evidence/packages/index.ts';
import { serveTasks } from '../../io/workers.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { CatalogedLayer, LayerTask } from './layer-reading.ts';
import { catalogLayer, layerOfTask } from './layer-reading.ts';

const run = new CatalogRun(catalogers);

serveTasks((task: LayerTask): Promise<CatalogedLayer> => {
  const only = task.only === undefined ? undefined : new Map(task.only);
  return catalogLayer(layerOfTask(task), { run, limits: defaultLimits, only });
});

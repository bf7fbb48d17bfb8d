// SPDX-License-Identifier: Apache-2.0
// The `runs` section of an action.yml: a known runner, the keys it needs and may have, and the files it names.
import type { YamlNode } from '../../../formats/yaml-tree.ts';
import { entriesIn, memberOf, scalarIn } from '../../../formats/yaml-tree.ts';
import type { ActionFile } from './action-metadata.ts';

const javascriptRunners = ['node20', 'node24'];
const scriptKeys = ['main', 'post', 'post-if', 'pre', 'pre-if'];
const containerKeys = ['args', 'entrypoint', 'env', 'image', 'post-entrypoint', 'pre-entrypoint'];

export function actionRunFaults(root: YamlNode, name: string, file: ActionFile): readonly string[] {
  const runs = memberOf(root, 'runs');
  const using = scalarIn(memberOf(runs, 'using'))?.text;
  const place = `the action is defined at ${JSON.stringify(file.folder)}`;
  const quoted = JSON.stringify(name);
  if (runs === undefined) return [`"runs" section is missing in ${quoted} action. ${place}`];
  if (using === undefined) return [`"using" is required in "runs" section in ${quoted} action. ${place}`];
  const reader = new RunsReader(runs, quoted, file);
  if (using === 'composite') reader.expect('Composite', 'steps', [...scriptKeys, ...containerKeys]);
  else if (using === 'docker') {
    reader.expect('Docker', 'image', [...scriptKeys, 'steps']);
    reader.checkImage();
  } else if (javascriptRunners.includes(using)) {
    reader.expect('JavaScript', 'main', [...containerKeys, 'steps']);
    reader.checkConditions();
    for (const key of ['main', 'pre', 'post']) reader.checkFile(key);
  } else
    return [
      `invalid runner name ${JSON.stringify(using)} at runs.using in ${quoted} action. valid runners are "composite", "docker", "node20", and "node24". ${place}`,
    ];
  return reader.faults;
}

class RunsReader {
  readonly faults: string[] = [];
  readonly #runs: YamlNode;
  readonly #name: string;
  readonly #file: ActionFile;

  constructor(runs: YamlNode, name: string, file: ActionFile) {
    this.#runs = runs;
    this.#name = name;
    this.#file = file;
  }

  expect(kind: string, required: string, refused: readonly string[]): void {
    const because = `in "runs" section because ${this.#name} is a ${kind} action. the action is defined at ${JSON.stringify(this.#file.folder)}`;
    if (memberOf(this.#runs, required) === undefined)
      this.faults.push(`${JSON.stringify(required)} is required ${because}`);
    for (const { key } of entriesIn(this.#runs))
      if (refused.includes(key)) this.faults.push(`${JSON.stringify(key)} is not allowed ${because}`);
  }

  checkConditions(): void {
    for (const key of ['pre', 'post'])
      if (memberOf(this.#runs, `${key}-if`) !== undefined && memberOf(this.#runs, key) === undefined)
        this.faults.push(
          `"${key}" is required when "${key}-if" is specified in "runs" section in ${this.#name} action. the action is defined at ${JSON.stringify(this.#file.folder)}`,
        );
  }

  checkImage(): void {
    const image = scalarIn(memberOf(this.#runs, 'image'))?.text;
    if (image === undefined || !isLocalImage(image)) return;
    if (image.split('/').at(-1) !== 'Dockerfile') {
      this.faults.push(
        `the local file ${JSON.stringify(image)} referenced from "image" key must be named "Dockerfile" in ${this.#name} action. the action is defined at ${JSON.stringify(this.#file.folder)}`,
      );
      return;
    }
    for (const key of ['image', 'pre-entrypoint', 'entrypoint', 'post-entrypoint']) this.checkFile(key);
  }

  checkFile(key: string): void {
    const path = scalarIn(memberOf(this.#runs, key))?.text;
    // An absolute path is one inside the container.
    if (path === undefined || path === '' || path.startsWith('/') || this.#file.hasFile === undefined) return;
    if (this.#file.hasFile(path)) return;
    this.faults.push(
      `file ${JSON.stringify(path)} does not exist in ${JSON.stringify(this.#file.folder)}. it is specified at ${JSON.stringify(key)} key in "runs" section in ${this.#name} action`,
    );
  }
}

/** `docker://…`, a tag or a host name at the beginning say that the image is in a registry. */
function isLocalImage(image: string): boolean {
  if (image.includes(':')) return false;
  const first = image.split('/')[0] ?? '';
  return first === '.' || first === '..' || !first.includes('.');
}

// SPDX-License-Identifier: Apache-2.0
// What pipelines are built from, as package URLs: actions, images, includes, tasks. Names with variables in them are left out.
// Types beside `githubactions` and `docker` are those poutine uses for what has no type in the specification.
import type { ComponentUse, Pipeline } from './pipeline.ts';

/** Sorted, each once. */
export function pipelineInventory(pipelines: readonly Pipeline[]): readonly string[] {
  const found = new Set<string>();
  for (const pipeline of pipelines) {
    for (const include of pipeline.includes) add(found, includePurl(include));
    for (const job of pipeline.jobs) {
      for (const image of [...job.images, ...job.steps.flatMap(({ image: used }) => used ?? [])])
        add(found, imagePurl(image.text));
      for (const component of [job.calls, ...job.steps.map((step) => step.component)])
        if (component !== undefined) add(found, componentPurl(component, pipeline));
    }
  }
  return [...found].sort();
}

function add(found: Set<string>, purl: string | undefined): void {
  if (purl !== undefined) found.add(purl);
}

function componentPurl(component: ComponentUse, { system }: Pipeline): string | undefined {
  if (component.isLocal || /\$/.test(component.text)) return undefined;
  if (system === 'azure-pipelines')
    return component.kind === 'task' ? `pkg:azurepipelinestask/${component.text}` : undefined;
  if (component.kind === 'image') return imagePurl(component.name);
  if (system !== 'github-actions') return includePurl(component);
  const [owner = '', repository = '', ...path] = component.name.split('/');
  if (owner === '' || repository === '' || component.version === undefined) return undefined;
  return `pkg:githubactions/${owner}/${repository}@${component.version}${path.length === 0 ? '' : `#${path.join('/')}`}`;
}

/** `latest` is what a name without tag stands for. */
function imagePurl(text: string): string | undefined {
  const name = text.trim();
  if (name === '' || /[${<\s]/.test(name)) return undefined;
  const at = name.indexOf('@');
  const rest = at === -1 ? name : name.slice(0, at);
  const colon = rest.lastIndexOf(':');
  const hasTag = colon > rest.lastIndexOf('/');
  const repository = hasTag ? rest.slice(0, colon) : rest;
  const version = at === -1 ? (hasTag ? rest.slice(colon + 1) : 'latest') : name.slice(at + 1);
  const first = repository.split('/')[0] ?? '';
  const isRegistry = repository.includes('/') && (/[.:]/.test(first) || first === 'localhost');
  const path = isRegistry ? repository.slice(first.length + 1) : repository;
  return `pkg:docker/${path}@${encodeURIComponent(version)}${isRegistry ? `?repository_url=${encodeURIComponent(first)}` : ''}`;
}

function includePurl({ facts, name, version, kind, text }: ComponentUse): string | undefined {
  if (/\$/.test(text) || (version ?? '').includes('$')) return undefined;
  const query = (parts: Readonly<Record<string, string>>): string =>
    Object.entries(parts)
      .map(([key, value]) => `${key}=${encodeURIComponent(value)}`)
      .join('&');
  switch (facts?.['include']) {
    case 'project':
      return `pkg:gitlabci/include/project?${query({ file_name: facts['file'] ?? '', project: name, ref: version ?? 'HEAD' })}`;
    case 'remote':
      return `pkg:gitlabci/include/remote?${query({ download_url: facts['url'] ?? '' })}`;
    case 'template':
      return `pkg:gitlabci/include/template?${query({ file_name: (facts['file'] ?? '').replace(/^\/+/, '') })}`;
    case 'component': {
      const slash = name.indexOf('/');
      return `pkg:gitlabci/include/component?${query({ project: name.slice(slash + 1), ref: version ?? '', repository_url: name.slice(0, slash) })}`;
    }
    default:
      return kind === 'orb' && name.includes('/')
        ? `pkg:circleci/${name}${version === undefined ? '' : `@${version}`}`
        : undefined;
  }
}

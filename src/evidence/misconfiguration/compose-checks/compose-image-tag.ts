// SPDX-License-Identifier: Apache-2.0
import { asString } from '../../../formats/document.ts';
import { parseImageReference } from '../../package-facts/image-reference.ts';
import { composeWith, defineComposeCheck } from '../compose-check.ts';

export const composeImageTag = defineComposeCheck({
  id: 'compose-image-tag',
  title: 'The image has no fixed tag',
  aliases: ['CIS-DI-5.28'],
  severity: 'medium',
  why: 'latest is another image tomorrow: nobody can tell what ran, and nobody can go back to it.',
  remediation: 'Name a version, better a digest, of the image',
  urls: ['https://github.com/compose-spec/compose-spec/blob/main/05-services.md'],
  example: { good: composeWith('restart: "no"'), bad: 'services:\n  web:\n    image: web\n' },
  run: ({ service }) => {
    const text = asString(service['image']) ?? '';
    const image = text.includes('$') ? undefined : parseImageReference(text);
    if (image === undefined || image.digest !== undefined || 'build' in service) return [];
    if (image.tag !== undefined && image.tag !== 'latest') return [];
    return [
      {
        message: `uses ${text}, which has ${image.tag === undefined ? 'no tag' : 'the tag latest'}`,
        member: ['image'],
      },
    ];
  },
});

// SPDX-License-Identifier: Apache-2.0
import type { PrivilegedImageFile } from '../image-check.ts';
import { defineImageCheck } from '../image-check.ts';

export const setuidFile = defineImageCheck({
  id: 'setuid-file',
  title: 'Program that runs with the rights of its owner (setuid, setgid)',
  aliases: ['CIS-DI-0008'],
  severity: 'medium',
  why: 'A fault in such a program gives its caller the rights of another user, mostly those of root.',
  remediation: 'Remove the program or its bit (chmod a-s), or run the container with allowPrivilegeEscalation: false',
  urls: ['https://kubernetes.io/docs/tasks/configure-pod-container/security-context/'],
  run: ({ privileged }) =>
    privileged.map((file) => {
      const { path, layer, owner, origin } = file;
      const bits = bitsOf(file);
      // What a distribution ships is known and patched; what nobody owns was put there by somebody.
      return {
        message:
          owner === undefined
            ? `${path} is ${bits} and belongs to no package`
            : `${path} is ${bits}, from the package ${owner.name} ${owner.version}`,
        location: { path, layer },
        resource: owner === undefined ? path : `${path} (${owner.name})`,
        origin,
        ...(owner === undefined ? {} : { severity: 'low' as const }),
      };
    }),
});

function bitsOf({ mode, userId, groupId }: PrivilegedImageFile): string {
  const bits = [
    ...((mode & 0o4000) === 0 ? [] : [`setuid ${userId === 0 ? 'root' : `user ${userId}`}`]),
    ...((mode & 0o2000) === 0 ? [] : [`setgid ${groupId === 0 ? 'root' : `group ${groupId}`}`]),
  ];
  return bits.join(' and ');
}

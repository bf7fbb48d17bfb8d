// SPDX-License-Identifier: Apache-2.0
// Whether the template of `format()` and its arguments fit.

/** What is wrong; the template may hold `{{` and `}}` for braces. */
export function checkFormat(template: string, given: number): readonly string[] {
  const used = new Set<number>();
  for (const [part, index] of template.matchAll(/\{\{|\}\}|\{(\d{1,6})\}/g))
    if (part !== '{{' && part !== '}}') used.add(Number(index));
  const messages: string[] = [];
  const quoted = JSON.stringify(template);
  for (let at = 0; at < given; at += 1)
    if (!used.has(at))
      messages.push(
        `format string ${quoted} does not contain placeholder {${at}}. remove argument which is unused in the format string`,
      );
  for (const at of [...used].sort((a, b) => a - b))
    if (at >= given)
      messages.push(
        `format string ${quoted} contains placeholder {${at}} but only ${given} arguments are given to format`,
      );
  return messages;
}

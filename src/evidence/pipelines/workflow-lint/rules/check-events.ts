// SPDX-License-Identifier: Apache-2.0
// `on`: events that are not there, activity types and filters an event does not take, schedules, and the inputs of runs by hand and of calls.
import { findExpressions } from '../../../../formats/github-expression/find-expressions.ts';
import { parseCron } from '../cron.ts';
import { quotedList } from '../fault.ts';
import type { LintContext } from '../lint-context.ts';
import { eventsOfFilter, webhookEvents } from '../tables/webhook-events.ts';
import type {
  CallEvent,
  DispatchEvent,
  DispatchInput,
  EventFilter,
  ScheduleEvent,
  Text,
  WebhookEvent,
} from '../workflow.ts';

const mostInputs = 25;

export function checkEvents(context: LintContext): void {
  for (const event of context.workflow.events) {
    if (event.kind === 'webhook') checkWebhook(context, event);
    else if (event.kind === 'schedule') checkSchedule(context, event);
    else if (event.kind === 'workflow_dispatch') checkDispatch(context, event);
    else if (event.kind === 'workflow_call') checkCall(context, event);
  }
}

function say(context: LintContext, offset: number, message: string): void {
  context.report({ kind: 'events', message, offset });
}

function checkWebhook(context: LintContext, event: WebhookEvent): void {
  const hook = event.hook.value;
  const types = webhookEvents.get(hook);
  if (types === undefined) {
    const message = `unknown Webhook event ${JSON.stringify(hook)}. see https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#webhook-events for list of all Webhook event names`;
    say(context, event.hook.offset, message);
    return;
  }
  checkTypes(context, event, types);
  for (const filter of event.filters) checkFilter(context, hook, filter);
  checkExclusive(context, event);
  checkWorkflows(context, event);
}

function checkTypes(context: LintContext, event: WebhookEvent, types: readonly string[]): void {
  const hook = JSON.stringify(event.hook.value);
  if (types.length === 0 && event.types !== undefined) {
    say(context, event.hook.offset, `"types" cannot be specified for ${hook} Webhook event`);
    return;
  }
  for (const type of event.types ?? []) {
    if (type.value === '' || types.includes(type.value)) continue;
    const message = `invalid activity type ${JSON.stringify(type.value)} for ${hook} Webhook event. available types are ${quotedList(types)}`;
    say(context, type.offset, message);
  }
}

function checkFilter(context: LintContext, hook: string, { filter, name }: EventFilter): void {
  const events = eventsOfFilter(filter);
  if (events.includes(hook)) return;

  say(
    context,
    name.offset,
    `${JSON.stringify(filter)} filter is not available for ${hook} event. it is only for ${events.join(', ')} event`,
  );
}

function checkExclusive(context: LintContext, event: WebhookEvent): void {
  for (const name of ['branches', 'tags', 'paths'] as const) {
    const filters = event.filters.filter(({ filter }) => filter === name || filter === `${name}-ignore`);
    const second = filters[1];
    if (second === undefined || !eventsOfFilter(name).includes(event.hook.value)) continue;
    const message = `both "${name}" and "${name}-ignore" filters cannot be used for the same event ${JSON.stringify(event.hook.value)}. note: use '!' to negate patterns`;
    say(context, second.name.offset, message);
  }
}

function checkWorkflows(context: LintContext, event: WebhookEvent): void {
  const hook = event.hook.value;
  if (hook === 'workflow_run') {
    if (event.workflows === undefined || event.workflows.values.length === 0)
      say(context, event.hook.offset, 'no workflow is configured for "workflow_run" event');
  } else if (event.workflows !== undefined) {
    say(
      context,
      event.hook.offset,
      `"workflows" cannot be configured for ${JSON.stringify(hook)} event. it is only for workflow_run event`,
    );
  }
}

function checkSchedule(context: LintContext, event: ScheduleEvent): void {
  for (const { cron, timezone } of event.entries) {
    if (cron !== undefined && cron.value !== '') checkCron(context, cron);
    if (timezone !== undefined && timezone.value !== '' && !isTimezone(timezone.value)) {
      const message = `invalid timezone ${JSON.stringify(timezone.value)} in schedule event. it must be a valid IANA timezone name`;
      say(context, timezone.offset, message);
    }
  }
}

function checkCron(context: LintContext, cron: Text): void {
  const line = parseCron(cron.value);
  if (line.kind === 'malformed') {
    say(context, cron.offset, `invalid CRON format ${JSON.stringify(cron.value)} in schedule event: ${line.reason}`);
  } else if (line.interval < 5 * 60) {
    const message = `scheduled job runs too frequently. it runs once per ${line.interval} seconds. the shortest interval is once every 5 minutes`;
    say(context, cron.offset, message);
  }
}

/** Names such as `Europe/Berlin`. `UTC` is what holds without one, and GitHub does not take it by name. */
function isTimezone(name: string): boolean {
  if (name.length > 60 || name === 'UTC' || !/^[A-Z][\w+-]*(?:\/[\w+-]+){0,3}$/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

function checkDispatch(context: LintContext, event: DispatchEvent): void {
  const { size } = event.inputs;
  if (size > mostInputs) {
    const message = `maximum number of inputs for "workflow_dispatch" event is ${mostInputs} but ${size} inputs are provided. see https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#providing-inputs`;
    say(context, event.offset, message);
  }
  for (const { name, value } of event.inputs.values()) checkDispatchInput(context, name, value);
}

function checkDispatchInput(context: LintContext, name: Text, input: DispatchInput): void {
  const quoted = JSON.stringify(name.value);
  if (input.type === 'choice') checkChoice(context, name, input);
  else if ((input.options ?? []).length > 0)
    say(context, name.offset, `"options" can not be set to ${quoted} input because its input type is not "choice"`);
  const given = input.default;
  if (given === undefined || given.value === '') return;
  if (input.type === 'boolean' && given.value !== 'true' && given.value !== 'false') {
    const message = `type of ${quoted} input is "boolean". its default value ${JSON.stringify(given.value)} must be "true" or "false"`;
    say(context, given.offset, message);
  }
  if (input.type === 'number' && !isNumber(given.value)) {
    const message = `type of ${quoted} input is "number" but its default value ${JSON.stringify(given.value)} cannot be parsed as a float number`;
    say(context, given.offset, message);
  }
}

function checkChoice(context: LintContext, name: Text, input: DispatchInput): void {
  const quoted = JSON.stringify(name.value);
  const options = input.options ?? [];
  if (options.length === 0) {
    say(context, name.offset, `input type of ${quoted} is "choice" but "options" is not set`);
    return;
  }
  const seen = new Set<string>();
  for (const option of options) {
    if (seen.has(option.value))
      say(context, option.offset, `option ${JSON.stringify(option.value)} is duplicated in options of ${quoted} input`);
    seen.add(option.value);
  }
  const given = input.default;
  if (given === undefined || given.value === '' || seen.has(given.value)) return;
  const message = `default value ${JSON.stringify(given.value)} of ${quoted} input is not included in its options ${JSON.stringify(quotedList(seen))}`;
  say(context, given.offset, message);
}

function checkCall(context: LintContext, event: CallEvent): void {
  for (const { name, value: input } of event.inputs.values()) {
    const given = input.default;
    if (given === undefined) continue;
    if (input.required?.value === true) {
      const message = `input ${JSON.stringify(name.value)} of workflow_call event has the default value ${JSON.stringify(given.value)}, but it is also required. if an input is marked as required, its default value will never be used`;
      say(context, given.offset, message);
    }
    // A default that is computed is typed by the expression check.
    if (findExpressions(given.value).length > 0) continue;
    const what = `input of workflow_call event ${JSON.stringify(name.value)} is typed as ${input.type ?? ''}`;
    if (input.type === 'number' && !isNumber(given.value))
      say(
        context,
        given.offset,
        `${what} but its default value ${JSON.stringify(given.value)} cannot be parsed as a float number`,
      );
    if (input.type === 'boolean' && given.value !== 'true' && given.value !== 'false')
      say(
        context,
        given.offset,
        `${what}. its default value must be true or false but got ${JSON.stringify(given.value)}`,
      );
  }
}

function isNumber(text: string): boolean {
  return text.length < 100 && /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/.test(text);
}

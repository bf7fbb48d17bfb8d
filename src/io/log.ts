// SPDX-License-Identifier: Apache-2.0
// Messages for people (text) or machines (JSON lines), always to stderr. Constant text plus fields; secrets are redacted.
import { printable } from '../formats/text-table.ts';

export type LogLevel = 'error' | 'warn' | 'info' | 'debug';
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Logger {
  error(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  debug(message: string, fields?: LogFields): void;
}

export interface LoggerOptions {
  readonly write: (text: string) => void;
  readonly format: 'text' | 'json';
  /** The least important level that is written. */
  readonly level: LogLevel | 'silent';
  readonly now: () => number;
}

const ranks: Readonly<Record<LogLevel | 'silent', number>> = { silent: 0, error: 1, warn: 2, info: 3, debug: 4 };

export function createLogger(options: LoggerOptions): Logger {
  const log = (level: LogLevel, message: string, fields: LogFields = {}): void => {
    if (ranks[level] > ranks[options.level]) return;
    options.write(
      options.format === 'json' ? jsonLine(level, message, fields, options.now()) : textLine(level, message, fields),
    );
  };
  return {
    error: (message, fields) => log('error', message, fields),
    warn: (message, fields) => log('warn', message, fields),
    info: (message, fields) => log('info', message, fields),
    debug: (message, fields) => log('debug', message, fields),
  };
}

function textLine(level: LogLevel, message: string, fields: LogFields): string {
  const prefix = level === 'info' ? '' : `${level}: `;
  const rest = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}=${redact(String(value))}`)
    .join('');
  return `${printable(`${prefix}${redact(message)}${rest}`)}\n`;
}

function jsonLine(level: LogLevel, message: string, fields: LogFields, now: number): string {
  const clean = Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [key, typeof value === 'string' ? redact(value) : value]),
  );
  return `${JSON.stringify({ time: new Date(now).toISOString(), level, message: redact(message), ...clean })}\n`;
}

/** Hides user:password in addresses, bearer and basic credentials, and values of parameters that look like secrets. */
export function redact(text: string): string {
  return text
    .replace(/([a-z][a-z0-9+.-]{0,30}:\/\/)[^/\s@]{1,500}@/gi, '$1***@')
    .replace(/\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,4000}/gi, '$1 ***')
    .replace(
      /\b(password|passwd|secret|token|api[_-]?key|access[_-]?key)(["']?\s{0,3}[=:]\s{0,3}["']?)[^\s"'&]{1,4000}/gi,
      '$1$2***',
    );
}

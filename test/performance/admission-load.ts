// SPDX-License-Identifier: Apache-2.0
// Sends reviews to a server on loopback over connections that stay open, and counts: requests, times, wrong verdicts. A process of its own, with HTTP written by
// hand, so that what is measured is the server. Takes a LoadOrder as JSON in its argument, prints a LoadResult. Bounded in connections and time.
import type { TLSSocket } from 'node:tls';
import { connect } from 'node:tls';
import { sampleReviews, serial } from './admission-set.ts';

export interface LoadOrder {
  readonly port: number;
  /** PEM. */
  readonly authority: string;
  readonly connections: number;
  readonly seconds: number;
  /** Not counted, before. */
  readonly warmUpSeconds: number;
  /** In all; absent: as many as are answered. */
  readonly perSecond?: number;
  /** Each so many requests one is hostile; 0: none. */
  readonly hostileEvery: number;
  /** Whether verdicts are looked at; an echo has none. */
  readonly expects: 'verdicts' | 'answers';
}

export interface LoadResult {
  readonly requests: number;
  /** Of the warm-up. */
  readonly uncounted: number;
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly wrong: number;
  readonly hostile: number;
}

interface Shot {
  readonly bytes: Buffer;
  /** Where a number stands that is another one in each request. */
  readonly serials: readonly number[];
  readonly isRight: (status: number, body: string) => boolean;
  readonly isHostile: boolean;
}

const mostConnections = 64;
const mostSeconds = 1_200;

function head(length: number, type = 'application/json'): string {
  return `POST /validate HTTP/1.1\r\nHost: localhost\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\n\r\n`;
}

function shotsOf({ expects }: LoadOrder): readonly Shot[] {
  return sampleReviews(100).map(({ body, allowed }) => ({
    ...bytesOf(head(Buffer.byteLength(body)) + body),
    isRight: (status, answer) =>
      status === 200 && (expects === 'answers' || answer.includes(`"allowed":${String(allowed)}`)),
    isHostile: false,
  }));
}

function bytesOf(text: string): Pick<Shot, 'bytes' | 'serials'> {
  const bytes = Buffer.from(text);
  const serials: number[] = [];
  for (let at = bytes.indexOf(serial); at !== -1; at = bytes.indexOf(serial, at + serial.length)) serials.push(at);
  return { bytes, serials };
}

/** What must be answered with an error or a refusal, and never admitted. */
function hostileShots(): readonly Shot[] {
  const good = sampleReviews(1)
    .map(({ body }) => body)
    .join('');
  const deep = `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`;
  const bodies: readonly (readonly [string, string])[] = [
    ['{', 'application/json'],
    ['', 'application/json'],
    [good, 'text/plain'],
    [good.replace('admission.k8s.io/v1', 'admission.k8s.io/v9'), 'application/json'],
    [good.replace('"uid":', '"uidx":'), 'application/json'],
    [good.replace('"spec":{', '"spec":7,"specs":{'), 'application/json'],
    [good.replace('"containers":[', '"containers":7,"others":['), 'application/json'],
    [good.replace('"object":{', `"object":{"x":${deep},`), 'application/json'],
    [good.replace('"object":{', `"object":{"x":"${'y'.repeat(3_000_000)}","spec":{},"specs":{`), 'application/json'],
    ['\u0000'.repeat(5_000), 'application/json'],
  ];
  return bodies.map(([body, type]) => ({
    ...bytesOf(head(Buffer.byteLength(body), type) + body),
    isRight: (_status, answer) =>
      !answer.includes('"allowed":true') || body.includes('"x":{"a":[') /* deep, and otherwise as it should be */,
    isHostile: true,
  }));
}

async function run(order: LoadOrder): Promise<LoadResult> {
  const shots = shotsOf(order);
  const hostile = hostileShots();
  const connections = Math.min(order.connections, mostConnections);
  const seconds = Math.min(order.seconds, mostSeconds);
  const begin = performance.now() + order.warmUpSeconds * 1000;
  const end = begin + seconds * 1000;
  const times: number[] = [];
  let wrong = 0;
  let hostileCount = 0;
  let number = 0;
  let counted = 0;
  let uncounted = 0;
  const started = performance.now();
  const next = (): Shot | undefined => {
    number += 1;
    const isHostile = order.hostileEvery > 0 && number % order.hostileEvery === 0;
    const list = isHostile ? hostile : shots;
    return list[(isHostile ? number / order.hostileEvery : number) % list.length];
  };
  /** When the shot with the next number may be sent. */
  const dueAt = (): number => (order.perSecond === undefined ? 0 : started + (number / order.perSecond) * 1000);
  const one = async (): Promise<void> => {
    let line = await Line.open(order);
    while (performance.now() < end) {
      const wait = dueAt() - performance.now();
      const shot = next();
      if (shot === undefined) return;
      // Each Pod has a name and a uid of its own. A shot comes again long after its bytes were sent.
      const own = String(number).padStart(serial.length, '0');
      for (const at of shot.serials) shot.bytes.write(own, at, 'latin1');
      if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait));
      const sent = performance.now();
      const answer = await line.send(shot.bytes);
      const received = performance.now();
      if (shot.isHostile) hostileCount += 1;
      if (answer === undefined) {
        // A closed connection admits nobody, but an honest request must not meet one.
        if (!shot.isHostile) wrong += 1;
        line = await Line.open(order);
        continue;
      }
      if (!shot.isRight(answer.status, answer.body)) wrong += 1;
      if (answer.isLast) line = await Line.open(order);
      if (sent < begin) {
        uncounted += 1;
        continue;
      }
      counted += 1;
      if (!shot.isHostile) times.push(received - sent);
    }
    line.close();
  };
  await Promise.all(Array.from({ length: connections }, one));
  const sorted = Float64Array.from(times).sort();
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  const elapsed = (Math.max(performance.now(), end) - begin) / 1000;
  return {
    requests: counted,
    uncounted,
    perSecond: counted / elapsed,
    p50: at(0.5),
    p99: at(0.99),
    wrong,
    hostile: hostileCount,
  };
}

interface LineAnswer {
  readonly status: number;
  readonly body: string;
  /** The server ends the connection after it. */
  readonly isLast: boolean;
}

/** One connection; one request at a time. */
class Line {
  readonly #socket: TLSSocket;
  #text = '';
  #waiting: ((answer: LineAnswer | undefined) => void) | undefined;

  private constructor(socket: TLSSocket) {
    this.#socket = socket;
    socket.setEncoding('latin1');
    socket.setNoDelay(true);
    socket.on('data', (text: string) => this.#take(text));
    socket.on('error', () => undefined);
    socket.on('close', () => this.#answer(undefined));
  }

  static open({ port, authority }: LoadOrder): Promise<Line> {
    return new Promise((resolve, reject) => {
      const options = { host: '127.0.0.1', port, servername: 'localhost', ca: authority, ALPNProtocols: ['http/1.1'] };
      const socket = connect(options, () => resolve(new Line(socket)));
      socket.once('error', reject);
    });
  }

  send(bytes: Buffer): Promise<LineAnswer | undefined> {
    if (this.#socket.destroyed) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      this.#waiting = resolve;
      this.#socket.write(bytes);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(text: string): void {
    this.#text += text;
    const split = this.#text.indexOf('\r\n\r\n');
    if (split === -1) return;
    const fields = this.#text.slice(0, split).toLowerCase();
    const length = Number(/\r\ncontent-length: (\d{1,9})/.exec(fields)?.[1] ?? 0);
    if (this.#text.length < split + 4 + length) return;
    const body = this.#text.slice(split + 4, split + 4 + length);
    this.#text = this.#text.slice(split + 4 + length);
    const isLast = fields.includes('\r\nconnection: close');
    this.#answer({ status: Number(fields.slice(9, 12)), body, isLast });
  }

  #answer(answer: LineAnswer | undefined): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.(answer);
  }
}

if (import.meta.main) {
  const order = JSON.parse(process.argv[2] ?? '{}') as LoadOrder;
  console.log(JSON.stringify(await run(order)));
  process.exit(0);
}

// SPDX-License-Identifier: Apache-2.0
// What a Service is to clients: each new connection goes to one of the servers that are there, in turn. Only loopback.
import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';

export interface Balancer {
  readonly port: number;
  /** From now on new connections go to these ports. */
  setServers(ports: readonly number[]): void;
  close(): Promise<void>;
}

export async function startBalancer(ports: readonly number[]): Promise<Balancer> {
  let servers = ports;
  let turn = 0;
  const open = new Set<Socket>();
  const kept = (socket: Socket): Socket => {
    open.add(socket);
    return socket.once('close', () => open.delete(socket));
  };
  const balancer = createServer((client) => {
    const port = servers[(turn += 1) % Math.max(1, servers.length)];
    if (port === undefined) {
      client.destroy();
      return;
    }
    const server = kept(connect(port, '127.0.0.1'));
    kept(client).on('error', () => server.destroy());
    server.on('error', () => client.destroy());
    client.pipe(server).pipe(client);
  });
  await new Promise<void>((resolve) => balancer.listen(0, '127.0.0.1', resolve));
  return {
    port: (balancer.address() as AddressInfo).port,
    setServers: (next) => {
      servers = next;
    },
    close: () =>
      new Promise((resolve) => {
        balancer.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
}

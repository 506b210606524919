/** Describes a connection in words. */
import type { Client } from 'pg';

import type { Target } from './target.ts';

/**
 * Describes a connection of `pg`, for example `Connected over TCP with TLS: the server does not speak Neon’s protocol.`
 * @param reason Why Neon's driver is not used.
 */
export function describePg({ isSocket }: Target, client: Client, reason: string): string {
  if (isSocket) return 'Connected over a Unix socket.';
  return `Connected over TCP ${isEncrypted(client) ? 'with' : 'without'} TLS: ${reason}.`;
}

export function isEncrypted({ connection }: Client): boolean {
  return 'encrypted' in connection.stream;
}

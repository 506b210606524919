/** `channel_binding=require`: the server proves inside TLS that it knows the password, so that no server can relay the connection. */
import type { Client } from 'pg';

/** Ends a connection without channel binding, which `pg` accepts. Must run before the client connects: these listeners must be first. */
export function requireChannelBinding({ connection }: Client): void {
  let isProved = false;
  const refuse = () => {
    const error = new Error('channel binding is required, and the server offers none');
    // Emitted at once: the next message in the same chunk may confirm the session.
    connection.emit('error', Object.assign(error, { code: 'NO_CHANNEL_BINDING' }));
    connection.stream.destroy();
  };
  connection.on('authenticationCleartextPassword', refuse);
  connection.on('authenticationMD5Password', refuse);
  connection.on('authenticationSASL', ({ mechanisms }: { readonly mechanisms: readonly string[] }) => {
    if (!mechanisms.includes('SCRAM-SHA-256-PLUS')) refuse();
  });
  connection.on('authenticationSASLFinal', () => {
    isProved = true;
  });
  connection.on('authenticationOk', () => {
    if (!isProved) refuse();
  });
}

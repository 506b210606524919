/** `channel_binding=require`: the server proves inside TLS that it knows the password, so that no other server can stand in between. */
import type { Client } from 'pg';

/**
 * `pg` itself would continue without channel binding. The listeners are added before the client connects, so that they run before its own.
 */
export function requireChannelBinding({ connection }: Client): void {
  let isProved = false;
  const refuse = () => {
    const error = new Error('channel binding is required, and the server offers none');
    // The error must be emitted at once: the message that confirms the session may be in the same chunk, and would be read next.
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

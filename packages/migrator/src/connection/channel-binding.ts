/** `channel_binding=require`: the server proves, inside TLS, that it knows the password and that nobody stands in between. */
import type { Client } from 'pg';

/** `pg` would go on without. Before it is connected, the client gets listeners that come before its own. */
export function requireChannelBinding({ connection }: Client): void {
  let isProved = false;
  const refuse = () => {
    const error = new Error('channel binding is required, and the server offers none');
    // The client must hear of it now: what confirms the session may have arrived already, and would be read next.
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

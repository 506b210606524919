/** How commands connect that speak PostgreSQL's own protocol. */
import { expect, test } from 'vitest';

import { tcpConfig } from '../src/commands/tcp-config.ts';

test('a command that speaks to PostgreSQL itself uses TLS, but on this machine', () => {
  expect(tcpConfig('postgresql://u:p@ep-x.eu.neon.tech/db?sslmode=require')).toMatchObject({ ssl: true });
  expect(tcpConfig('postgresql://u:p@localhost:5454/db')).toMatchObject({ ssl: false, host: 'localhost', port: 5454 });
  expect(tcpConfig('postgresql://u:p@[::1]:5454/db')).toMatchObject({ ssl: false, host: '::1' });
});

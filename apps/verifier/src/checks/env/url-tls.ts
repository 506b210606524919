import { isLoopback } from '@todo/client';

import { type Check, type Finding, onlyFindings, verdict } from '../../check.ts';

export const urlTls: Check = {
  id: 'env/url-tls',
  title: 'The connection string requires TLS',
  method: 'Reads sslmode and channel_binding from the connection string.',
  why: 'psql, drizzle-kit and other clients use this string too: without sslmode they may send clear text. With sslmode=require, psql accepts any certificate.',
  remedy:
    'Set sslmode=verify-full, for psql also sslrootcert=system; and channel_binding=require where your clients support it.',
  severity: 'warning',
  mode: 'local',
  needs: ['env/url'],
  run: async ({ url }) => {
    if (isLoopback(url)) return { kind: 'not-applicable', reason: 'the database is on this machine' };
    return verdict(toFindings(new URL(url.trim()).searchParams));
  },
};

export function toFindings(parameters: URLSearchParams): Finding[] {
  const mode = parameters.get('sslmode');
  return onlyFindings([
    !['require', 'verify-ca', 'verify-full'].includes(mode ?? '') && {
      have: mode === null ? 'no sslmode' : `sslmode=${mode}`,
      want: 'sslmode=verify-full',
    },
    parameters.get('channel_binding') === 'disable' && {
      have: 'channel_binding=disable',
      want: 'channel_binding=require',
      why: 'A server in the middle can forward the login as its own.',
    },
  ]);
}

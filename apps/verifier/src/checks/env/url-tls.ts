import { isLoopback } from '@todo/client';

import { type Check, type Finding, verdict } from '../../check.ts';

export const urlTls: Check = {
  id: 'env/url-tls',
  title: 'TLS is asked for, and verified',
  method: 'sslmode and channel_binding in the connection string.',
  why: 'psql, drizzle-kit and other clients take this string as well: without it they may speak in clear text, or to anyone.',
  remedy: 'Set sslmode=verify-full, and channel_binding=require where your clients support it.',
  severity: 'warning',
  mode: 'local',
  needs: ['env/url'],
  run: async ({ url }) => {
    if (isLoopback(url)) return { kind: 'not-applicable', reason: 'nothing leaves this machine' };
    return verdict(judge(new URL(url.trim()).searchParams));
  },
};

export function judge(parameters: URLSearchParams): Finding[] {
  const mode = parameters.get('sslmode');
  const findings: (Finding | false)[] = [
    !['require', 'verify-ca', 'verify-full'].includes(mode ?? '') && {
      have: mode === null ? 'no sslmode' : `sslmode=${mode}`,
      want: 'sslmode=verify-full',
    },
    parameters.get('channel_binding') === 'disable' && {
      have: 'channel_binding=disable',
      want: 'channel_binding=require',
      why: 'Whoever sits between can pass the login on as their own.',
    },
  ];
  return findings.filter((finding) => finding !== false);
}

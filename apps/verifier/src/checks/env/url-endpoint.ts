import { loadEnvironment } from '@todo/client/environment';

import { type Check, type Finding, onlyFindings, verdict } from '../../check.ts';

export const urlEndpoint: Check = {
  id: 'env/url-endpoint',
  title: 'The application uses Neon’s pooler, and migrations use the direct host of the same compute',
  method: 'Compares the host names of DATABASE_URL and DATABASE_URL_UNPOOLED.',
  why: 'Without the pooler, a burst of connections is refused; through the pooler, a migration loses its lock and its settings.',
  remedy: 'Use the host with -pooler in DATABASE_URL, and the host without it in DATABASE_URL_UNPOOLED.',
  severity: 'warning',
  mode: 'local',
  needs: ['env/url'],
  run: async ({ url, source }) => {
    if (!isNeon(url)) return { kind: 'not-applicable', reason: 'only Neon has two hosts for one compute' };
    // With --url, DATABASE_URL_UNPOOLED belongs to another database.
    const unpooled = source === 'DATABASE_URL' ? loadEnvironment().databaseUrlUnpooled : undefined;
    return verdict(toFindings(url, unpooled));
  },
};

function isNeon(url: string): boolean {
  return hostOf(url).endsWith('.neon.tech');
}

function hostOf(url: string): string {
  return URL.canParse(url.trim()) ? new URL(url.trim()).hostname : '';
}

export function toFindings(url: string, unpooled: string | undefined): Finding[] {
  const [host, direct] = [hostOf(url), hostOf(unpooled ?? '')];
  return onlyFindings([
    !isPooled(host) && { have: `${host}, without -pooler`, want: 'the pooled host at run time' },
    isPooled(direct) && { have: `DATABASE_URL_UNPOOLED names ${direct}`, want: 'the host without -pooler' },
    direct !== '' &&
      endpointOf(host) !== endpointOf(direct) && {
        have: `two computes: ${endpointOf(host)} and ${endpointOf(direct)}`,
        want: 'one compute',
        why: 'Migrations may run on another branch than the application.',
        severity: 'error',
      },
  ]);
}

function isPooled(host: string): boolean {
  return host.split('.')[0]?.endsWith('-pooler') === true;
}

/** The compute's id: the first label of the host name. */
function endpointOf(host: string): string {
  return host.split('.')[0]?.replace(/-pooler$/, '') ?? '';
}

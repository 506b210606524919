import { connect, type PeerCertificate } from 'node:tls';

import { type Check, type Finding, verdict } from '../../check.ts';
import { waitForConnection, driverEndpoint } from './driver-endpoint.ts';

export const tls: Check = {
  id: 'connect/tls',
  title: 'TLS is on and the certificate matches the host',
  method: 'Opens a TLS connection, verifies the certificate, and reads its issuer and expiry date.',
  why: 'Anyone on the network path can read the password and every row.',
  remedy: 'Check the clock of this machine; add the certificate of a TLS proxy to NODE_EXTRA_CA_CERTS.',
  mode: 'reads',
  needs: ['connect/reach'],
  run: async (context) => {
    const { host, port, isSecure } = driverEndpoint(context);
    if (!isSecure) return { kind: 'not-applicable', reason: 'this endpoint does not use TLS' };
    const socket = connect({ host, port, servername: host });
    try {
      await waitForConnection(socket, 'secureConnect');
      const certificate = socket.getPeerCertificate();
      const days = daysLeft(certificate, Date.now());
      return verdict(expiryFindings(days), `${socket.getProtocol()}, by ${issuerOf(certificate)}, ${days} days left`);
    } finally {
      socket.destroy();
    }
  },
};

function issuerOf({ issuer: { O, CN } }: PeerCertificate): string {
  return [O, CN].flat().find((name) => name !== undefined) ?? 'unknown issuer';
}

const MS_PER_DAY = 86_400_000;
const DAYS_MIN = 7;

/** The number of days until the certificate expires. */
export function daysLeft({ valid_to: end }: Pick<PeerCertificate, 'valid_to'>, now: number): number {
  return Math.floor((Date.parse(end) - now) / MS_PER_DAY);
}

export function expiryFindings(days: number): Finding[] {
  if (days >= DAYS_MIN) return [];
  return [
    {
      have: `the certificate expires in ${days} days`,
      want: `at least ${DAYS_MIN} days`,
      why: 'After the certificate expires, no client can connect.',
      fix: 'Renew the certificate of the proxy. (Neon renews its own certificates.)',
      severity: 'warning',
    },
  ];
}

import { connect, type PeerCertificate } from 'node:tls';

import { type Check, type Finding, verdict } from '../../check.ts';
import { arrive, frontDoor } from './front-door.ts';

export const tls: Check = {
  id: 'connect/tls',
  title: 'The connection is encrypted, to whom it should be',
  method: 'A TLS handshake that verifies the certificate; its issuer and its last day.',
  why: 'Whoever sits on the way reads the password and every row.',
  remedy: 'Check the clock of this machine, a proxy on the way, or name its certificate in NODE_EXTRA_CA_CERTS.',
  severity: 'error',
  mode: 'reads',
  needs: ['connect/reach'],
  run: async (context) => {
    const { host, port, isSecure } = frontDoor(context);
    if (!isSecure) return { kind: 'not-applicable', reason: 'no TLS is spoken at that door' };
    const socket = connect({ host, port, servername: host });
    try {
      await arrive(socket, 'secureConnect');
      const certificate = socket.getPeerCertificate();
      const days = daysLeft(certificate, Date.now());
      return verdict(judgeDays(days), `${socket.getProtocol()}, by ${issuerOf(certificate)}, ${days} days left`);
    } finally {
      socket.destroy();
    }
  },
};

function issuerOf({ issuer: { O, CN } }: PeerCertificate): string {
  return [O, CN].flat().find((name) => name !== undefined) ?? 'somebody without a name';
}

export function daysLeft({ valid_to: end }: Pick<PeerCertificate, 'valid_to'>, now: number): number {
  return Math.floor((Date.parse(end) - now) / 86_400_000);
}

export function judgeDays(days: number): Finding[] {
  if (days >= 7) return [];
  return [
    {
      have: `a certificate that ends in ${days} days`,
      want: 'one that is renewed in time',
      why: 'The day after, nobody can connect.',
      fix: 'Neon renews its own; of a proxy, ask whoever runs it.',
      severity: 'warning',
    },
  ];
}

import { lookup } from 'node:dns/promises';
import { connect } from 'node:net';

import { type Check, verdict } from '../../check.ts';
import { arrive, frontDoor } from './front-door.ts';

export const reach: Check = {
  id: 'connect/reach',
  title: 'The host’s name resolves, and its port answers',
  method: 'A DNS lookup, then a TCP connection within 5 s.',
  why: 'Nothing can be proved of a database that cannot be reached.',
  remedy: 'Compare host and port with the Neon console; then look at DNS, VPN and firewall.',
  severity: 'error',
  mode: 'reads',
  needs: ['env/url'],
  run: async (context) => {
    const { host, port } = frontDoor(context);
    const addresses = await lookup(host, { all: true });
    const socket = connect({ host, port, autoSelectFamily: true });
    try {
      await arrive(socket, 'connect');
    } finally {
      socket.destroy();
    }
    return verdict([], `port ${port} at ${addresses.map(({ address }) => address).join(', ')}`);
  },
};

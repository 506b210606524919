import { lookup } from 'node:dns/promises';
import { connect } from 'node:net';

import { type Check, verdict } from '../../check.ts';
import { waitForConnection, driverEndpoint } from './driver-endpoint.ts';

export const reach: Check = {
  id: 'connect/reach',
  title: 'The host name resolves and the port accepts connections',
  method: 'Looks up the host name, then opens a TCP connection within 5 s.',
  why: 'Without a connection, no other check can run.',
  remedy: 'Compare host and port with the Neon console; then check DNS, VPN and firewall.',
  mode: 'reads',
  needs: ['env/url'],
  run: async (context) => {
    const { host, port } = driverEndpoint(context);
    const addresses = await lookup(host, { all: true });
    const socket = connect({ host, port, autoSelectFamily: true });
    try {
      await waitForConnection(socket, 'connect');
    } finally {
      socket.destroy();
    }
    return verdict([], `port ${port} at ${addresses.map(({ address }) => address).join(', ')}`);
  },
};

/**
 * Simulates a Neon on another machine: a host name, port 443, and TLS with a certificate of an untrusted authority. Requests go to a local
 * Neon.
 */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { createServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** RFC 2606 reserves this top-level domain: no host has such a name. */
const DOMAIN = 'eu.verify.invalid';

export interface RemoteNeon extends AsyncDisposable {
  readonly url: string;
  /** The environment of a process that finds the server. `NODE_EXTRA_CA_CERTS` must be set as well to trust its certificate. */
  readonly env: { readonly NODE_OPTIONS: string };
  readonly certificate: string;
  /** The host names under which a client opened a WebSocket. */
  readonly visited: ReadonlySet<string>;
}

export interface Certificate {
  /** The host name in the certificate. Default: any host of the domain. */
  readonly name?: string;
  readonly days?: number;
}

/** Rejects if there is no openssl to create a certificate. */
export async function startRemoteNeon(
  neonUrl: string,
  { name = `*.${DOMAIN}`, days = 30 }: Certificate = {},
): Promise<RemoteNeon> {
  const folder = await mkdtemp(join(tmpdir(), 'remote-neon-'));
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  const files = ['-keyout', key, '-out', certificate];
  const subject = ['-subj', '/O=Verify/CN=verify', '-addext', `subjectAltName=DNS:${name}`];
  await promisify(execFile)('openssl', [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    String(days),
    ...subject,
    ...files,
  ]);
  const server = createServer({ key: await readFile(key), cert: await readFile(certificate) });
  passOn(server, neonUrl);
  const visited = new Set<string>();
  server.on('upgrade', ({ headers }) => visited.add(String(headers.host)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    ...foundAt(port, neonUrl),
    certificate,
    visited,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** An unreachable server: no process listens on its port, because systems do not assign ports below 1024. */
export function absentNeon(neonUrl: string): Pick<RemoteNeon, 'url' | 'env'> {
  return foundAt(4, neonUrl);
}

function foundAt(port: number, neonUrl: string): Pick<RemoteNeon, 'url' | 'env'> {
  const url = new URL(neonUrl);
  url.host = `ep-far-away.${DOMAIN}`;
  url.port = '';
  return { url: `${url.href}?sslmode=verify-full`, env: { NODE_OPTIONS: `--import ${signpost(port)}` } };
}

/** Passes requests and WebSockets on, with the host name of the local Neon. */
function passOn(server: ReturnType<typeof createServer>, neonUrl: string): void {
  const { hostname, port, host } = new URL(neonUrl);
  server.on('request', (incoming, outgoing) => {
    const { method, url: path, headers } = incoming;
    // Each request uses a new connection: the server may be about to close an earlier one.
    const passed = request({ hostname, port, method, path, headers: { ...headers, host }, agent: false }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    passed.once('error', () => outgoing.destroy());
    incoming.pipe(passed);
  });
  server.on('upgrade', ({ method, url: path, rawHeaders }, client, head) => {
    const lines = rawHeaders.flatMap((field, index) => {
      if (index % 2 === 1) return [];
      return [`${field}: ${field.toLowerCase() === 'host' ? host : rawHeaders[index + 1]}`];
    });
    const database = connect(Number(port), hostname);
    database.write(`${method} ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
    database.write(head);
    client.pipe(database).pipe(client);
    for (const socket of [client, database])
      socket.on('error', () => {}).once('close', () => (client.destroy(), database.destroy()));
  });
}

/** A preloaded module that redirects the host name and port 443 to the local server. It replaces a DNS entry and a privileged port. */
function signpost(port: number): string {
  const code = `
    import dns from 'node:dns';
    import net from 'node:net';
    import { syncBuiltinESMExports } from 'node:module';
    const isThere = (host) => typeof host === 'string' && host.endsWith('.${DOMAIN}');
    const { lookup } = dns.promises;
    dns.promises.lookup = (host, options) => lookup(isThere(host) ? '127.0.0.1' : host, options);
    const { connect } = net.Socket.prototype;
    net.Socket.prototype.connect = function (...given) {
      const [options, listener] = Array.isArray(given[0]) ? given[0] : given;
      if (!isThere(options.host) || Number(options.port) !== 443) return connect.apply(this, given);
      return connect.call(this, { ...options, host: '127.0.0.1', port: ${port} }, listener);
    };
    syncBuiltinESMExports();`;
  return `data:text/javascript;base64,${Buffer.from(code).toString('base64')}`;
}

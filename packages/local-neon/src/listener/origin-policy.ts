/**
 * Refuses requests of web pages. The listener listens on loopback, which a web page in the developer's browser can
 * reach: by a POST to `/sql`, or by a name of its own that resolves to 127.0.0.1 (DNS rebinding). So a request with an
 * `Origin` is refused unless that origin was allowed by name, and so is a `Host` that is neither a loopback name nor
 * the host of an allowed origin. Neon itself accepts every origin.
 */
import type { IncomingHttpHeaders } from 'node:http';

import { isLoopbackName, normalizeHost } from './loopback-name.ts';

/** The reason to refuse a request with these headers; undefined when it is allowed. */
export type OriginPolicy = (headers: IncomingHttpHeaders) => string | undefined;

/** The headers that Neon's driver sends from a browser. */
const REQUEST_HEADERS = [
  'Authorization',
  'Content-Type',
  'Neon-Array-Mode',
  'Neon-Batch-Deferrable',
  'Neon-Batch-Isolation-Level',
  'Neon-Batch-Read-Only',
  'Neon-Connection-String',
  'Neon-Pool-Opt-In',
  'Neon-Raw-Text-Output',
].join(', ');
const RESPONSE_HEADERS = 'Neon-Batch-Deferrable, Neon-Batch-Isolation-Level, Neon-Batch-Read-Only, Neon-Request-Id';

/** Creates the policy. `allowOrigin` contains origins as `toOrigin` writes them. */
export function createOriginPolicy(allowOrigin: readonly string[]): OriginPolicy {
  const allowedOrigins = new Set(allowOrigin);
  const allowedHosts = new Set(allowOrigin.map((origin) => normalizeHost(new URL(origin).host)));
  return ({ origin, host = '' }) => {
    if (origin !== undefined && !allowedOrigins.has(origin)) {
      return 'the Origin of this web page is not allowed: start the server with --allow-origin for it';
    }
    if (!isLoopbackName(host.replace(/:\d*$/, '')) && !allowedHosts.has(normalizeHost(host))) {
      return 'the Host is not this machine or the host of an allowed origin: use localhost';
    }
    return undefined;
  };
}

/** The headers that let a browser pass the response to a page of this origin: https://fetch.spec.whatwg.org/#http-cors-protocol */
export function corsHeaders(origin: string | undefined): Record<string, string> {
  return {
    ...(origin === undefined ? {} : { 'access-control-allow-origin': origin, vary: 'Origin' }),
    'access-control-allow-methods': 'POST, OPTIONS',
    'access-control-allow-headers': REQUEST_HEADERS,
    'access-control-expose-headers': RESPONSE_HEADERS,
    // A day, as on Neon. Without it a browser sends a preflight request before each query.
    'access-control-max-age': '86400',
    // For a public page that connects to a loopback address: https://wicg.github.io/private-network-access/
    'access-control-allow-private-network': 'true',
  };
}

/** Writes an origin as browsers do, without a slash at the end. Throws `TypeError` for other texts. */
export function toOrigin(text: string): string {
  const { protocol, origin, pathname, search, hash } = new URL(text);
  const isOrigin = /^https?:$/.test(protocol) && pathname === '/' && search === '' && hash === '';
  if (!isOrigin) throw new TypeError(`${text} is not an origin such as http://localhost:3000`);
  return origin;
}

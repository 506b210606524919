/**
 * Who may come in. The door is on loopback, and a web page in the developer's browser is on loopback too: it could post to
 * `/sql`, or reach it by a name of its own that resolves to 127.0.0.1. So a request that carries a browser's `Origin` is
 * refused unless that origin was allowed by name, and so is a `Host` that is neither loopback nor that of such an origin. Neon
 * itself answers browsers from anywhere.
 */
import { isLoopbackName, normalHost } from './loopback-name.ts';

export interface OriginPolicy {
  /** Why a request with these headers is refused; undefined lets it in. */
  refusalOf(headers: { origin?: string | undefined; host?: string | undefined }): string | undefined;
  /** What a browser must read to hand the answer to a page of this origin: https://fetch.spec.whatwg.org/#http-cors-protocol */
  corsHeaders(origin: string | undefined): Record<string, string>;
}

/** What Neon's driver sends from a browser. */
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
const ANSWER_HEADERS = 'Neon-Batch-Deferrable, Neon-Batch-Isolation-Level, Neon-Batch-Read-Only, Neon-Request-Id';

/** `allowOrigin` holds origins as `toOrigin` writes them. */
export function createOriginPolicy(allowOrigin: readonly string[]): OriginPolicy {
  const allowed = new Set(allowOrigin);
  const allowedHosts = new Set(allowOrigin.map((origin) => normalHost(new URL(origin).host)));
  return {
    refusalOf: ({ origin, host = '' }) => {
      if (origin !== undefined && !allowed.has(origin)) {
        return 'requests from web pages are refused: this Origin was not allowed when the server was started';
      }
      if (!isLoopbackName(withoutPort(host)) && !allowedHosts.has(normalHost(host))) {
        return 'the Host header names neither this machine (use localhost) nor an allowed origin';
      }
      return undefined;
    },
    corsHeaders: (origin) => ({
      ...(origin === undefined ? {} : { 'access-control-allow-origin': origin, vary: 'Origin' }),
      'access-control-allow-methods': 'POST, OPTIONS',
      'access-control-allow-headers': REQUEST_HEADERS,
      'access-control-expose-headers': ANSWER_HEADERS,
      // A day, as on Neon: these headers make a browser ask before each request.
      'access-control-max-age': '86400',
      // A public page asks a loopback address: https://wicg.github.io/private-network-access/
      'access-control-allow-private-network': 'true',
    }),
  };
}

/** An origin as browsers send it (`http://localhost:3000/` is written without its slash). Throws `TypeError` for what is none. */
export function toOrigin(text: string): string {
  const { protocol, origin, pathname, search, hash } = new URL(text);
  const isOrigin = /^https?:$/.test(protocol) && pathname === '/' && search === '' && hash === '';
  if (!isOrigin) throw new TypeError(`${text} is not an origin such as http://localhost:3000`);
  return origin;
}

function withoutPort(host: string): string {
  return host.replace(/:\d*$/, '');
}

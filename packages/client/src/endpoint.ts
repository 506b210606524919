/** The address of a server: from the connection string for this machine and for Neon, from an option for other hosts. */
import { invalidUrl, isLoopbackHost, parseConnectionUrl } from './connection-url.ts';

/** One address for all hosts, or a function that returns the address for the host and port of a connection string. */
export type Endpoint = string | ((host: string, port: string | number) => string);

/** The problem of a connection string for one transport, as the rest of a sentence; undefined when there is none. */
export type FindProblem = (url: URL) => string | undefined;

/**
 * Reads the connection strings of a client: the client's own, then those of its replicas. Returns a function for each. The function throws
 * when the string is missing, so that a module that connects can be imported without a database, for example while an image is built.
 * @throws {DatabaseUrlError} immediately when a string is wrong.
 */
export function readUrls(url: string | undefined, replicas: readonly string[] = [], find: FindProblem): (() => URL)[] {
  const reader = (text: string | undefined, name?: string) => {
    const read = () => {
      const parsed = parseConnectionUrl(text, name);
      const problem = find(parsed);
      if (problem !== undefined) throw invalidUrl(name, problem);
      return parsed;
    };
    // A JavaScript caller may pass another type.
    if (typeof text === 'string' && text.trim() !== '') read();
    return read;
  };
  return [reader(url), ...replicas.map((replica) => reader(replica, 'A replica’s URL'))];
}

/** The problem of a host that is neither this machine nor Neon's; undefined for these. `option` is the client's option for its address. */
export function unknownHostProblem({ hostname }: URL, option: string): string | undefined {
  if (isLoopbackHost(hostname) || NEON_HOST.test(hostname)) return undefined;
  return `names a host that is neither this machine (localhost, 127.0.0.1, [::1]) nor Neon’s (ep-….neon.tech): give the client its address, \`${option}\``;
}

/** A Neon host begins with its endpoint id, in any domain. Other hosts in Neon's own domains need no such id. */
const NEON_HOST = /^ep-[^.]+\.[^.]+\.|\.neon\.(tech|build)$/i;

/** The problem of `options=-c search_path=…`, which needs a session. Neon's own options, for example `endpoint=ep-…`, have no hyphen in front. */
export function sessionOptionsProblem({ searchParams }: URL): string | undefined {
  if (!/(^|\s)-/.test(searchParams.get('options') ?? '')) return undefined;
  return 'sets `options` of a session, and HTTP has no sessions: use `connectWebSocket`, or `alter role … set …`';
}

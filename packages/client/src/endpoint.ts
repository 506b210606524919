/** The hosts that a client finds by its connection string, and where it finds the others. */
import { invalidUrl, isLoopbackHost, parseConnectionUrl } from './connection-url.ts';

/** An address for every host, or a function that gives one for the host and port of a connection string. */
export type Endpoint = string | ((host: string, port: string | number) => string);

/**
 * Reads the connection strings of a client: its own, then those of its replicas.
 * @param hasEndpoint Whether the address of every host is known.
 * @param option What gives it, for an error.
 * @throws {DatabaseUrlError} when one is missing or wrong, or names a host whose address is not known.
 */
export function readUrls(
  url: string | undefined,
  replicas: readonly string[] | undefined,
  hasEndpoint: boolean,
  option: string,
): URL[] {
  const read = (text: string | undefined, name?: string) => {
    const parsed = parseConnectionUrl(text, name);
    if (hasEndpoint || isLoopbackHost(parsed.hostname) || NEONS.test(parsed.hostname)) return parsed;
    throw invalidUrl(
      name,
      `names a host that is neither this machine (localhost, 127.0.0.1, [::1]) nor Neon’s (ep-….neon.tech): give the client its address, \`${option}\``,
    );
  };
  return [read(url), ...(replicas ?? []).map((replica) => read(replica, 'A replica’s URL'))];
}

/** A host of Neon's begins with the id of its endpoint, in whatever domain; others of Neon's own domains need not. */
const NEONS = /^ep-[^.]+\.[^.]+\.|\.neon\.(tech|build)$/i;

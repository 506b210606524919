/** The hosts that a client finds by its connection string, and where it finds the others. */
import { invalidUrl, isLoopbackHost, parseConnectionUrl } from './connection-url.ts';

/** An address for every host, or a function that gives one for the host and port of a connection string. */
export type Endpoint = string | ((host: string, port: string | number) => string);

/** What is wrong with a connection string for one transport, as the rest of a sentence; undefined when nothing is. */
export type FaultOf = (url: URL) => string | undefined;

/**
 * Reads the connection strings of a client: its own, then those of its replicas.
 * Gives a function for each, which throws when there is none: a module that connects is also imported where there is no
 * database, while an image is built say.
 * @throws {DatabaseUrlError} at once when one is wrong.
 */
export function readUrls(url: string | undefined, replicas: readonly string[] = [], faultOf: FaultOf): (() => URL)[] {
  const reader = (text: string | undefined, name?: string) => {
    const read = () => {
      const parsed = parseConnectionUrl(text, name);
      const fault = faultOf(parsed);
      if (fault !== undefined) throw invalidUrl(name, fault);
      return parsed;
    };
    // A caller without types may have something else.
    if (typeof text === 'string' && text.trim() !== '') read();
    return read;
  };
  return [reader(url), ...replicas.map((replica) => reader(replica, 'A replica’s URL'))];
}

/** @param option What would tell the client where to find it. */
export function unknownHost({ hostname }: URL, option: string): string | undefined {
  if (isLoopbackHost(hostname) || NEONS.test(hostname)) return undefined;
  return `names a host that is neither this machine (localhost, 127.0.0.1, [::1]) nor Neon’s (ep-….neon.tech): give the client its address, \`${option}\``;
}

/** A host of Neon's begins with the id of its endpoint, in whatever domain; others of Neon's own domains need not. */
const NEONS = /^ep-[^.]+\.[^.]+\.|\.neon\.(tech|build)$/i;

/** `options=-c search_path=…`, which only the begin of a session can say. Neon has options of its own, `endpoint=ep-…` say. */
export function sessionSettings({ searchParams }: URL): string | undefined {
  if (!/(^|\s)-/.test(searchParams.get('options') ?? '')) return undefined;
  return 'sets `options` of a session, and HTTP has none: use `connectWebSocket`, or `alter role … set …`';
}

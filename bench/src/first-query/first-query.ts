/** The task of each contestant: connect over HTTP, and read the todos of a user. */

export type FirstQuery = (url: string) => Promise<readonly unknown[]>;

/** Sets the address of a local Neon in a copy of Neon's driver. `@todo/db` sets the address by itself. */
export function setLocalEndpoint(neonConfig: { fetchEndpoint: unknown }, url: string): void {
  neonConfig.fetchEndpoint = `http://${new URL(url).host}/sql`;
}

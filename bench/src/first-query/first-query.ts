/** The task of each contestant: connect over HTTP, and read the todos of a user. */

export type FirstQuery = (url: string) => Promise<readonly unknown[]>;

/** Tells a copy of Neon's driver the address of a local Neon. `@todo/db` finds it by itself. */
export function findLocalNeon(neonConfig: { fetchEndpoint: unknown }, url: string): void {
  neonConfig.fetchEndpoint = `http://${new URL(url).host}/sql`;
}

/** The task of each contestant: connect over HTTP, and read the todos of a user. */
import { neonConfig } from '@neondatabase/serverless';

export type FirstQuery = (url: string) => Promise<readonly unknown[]>;

/** `@todo/db` finds a local Neon by itself. */
export function findLocalNeon(url: string): void {
  neonConfig.fetchEndpoint = `http://${new URL(url).host}/sql`;
}

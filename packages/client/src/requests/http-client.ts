/** Neon's HTTP client as Drizzle uses it, with a deadline, further attempts and a log for each request. */
import { neon, NeonQueryPromise } from '@neondatabase/serverless';

import type { DatabaseUrlError } from '../connection-url.ts';
import { readsOnly } from '../errors/reads-only.ts';
import type { Translate } from '../errors/to-database-error.ts';
import { limitParameters } from './parameter-limit.ts';
import { logged, type QueryLogger } from './query-log.ts';
import { withRetries } from './retry.ts';

export interface HttpClientOptions {
  readonly logger: QueryLogger | undefined;
  readonly translate: Translate;
  /** For one request, further attempts included. */
  readonly timeoutMs: number;
}

type Driver = ReturnType<typeof neon<boolean, boolean>>;
type Query = NeonQueryPromise<boolean, boolean>;

/** @param url Or why there is none, which each request is rejected with. */
export function httpClient(url: URL | DatabaseUrlError, options: HttpClientOptions): Driver {
  const { logger, translate, timeoutMs } = options;
  const driver = url instanceof URL ? neon<boolean, boolean>(url.href) : undefined;

  const request = <T>(statements: string[], send: (to: Driver, fetchOptions: RequestInit) => Promise<T>): Promise<T> =>
    logged(logger, statements.join(';\n'), () =>
      withRetries(timeoutMs, async (remainingMs) => {
        if (driver === undefined) throw url;
        try {
          return await send(driver, { signal: AbortSignal.timeout(remainingMs) });
        } catch (error) {
          throw translate(error, statements.every(readsOnly)) ?? error;
        }
      }),
    );

  // Sent when it is awaited, and part of a batch when it is not: the driver's class is what its `transaction` looks for.
  const query: Driver['query'] = (text, params = [], wishes = {}) =>
    new NeonQueryPromise(
      () => {
        limitParameters(params.length);
        return request([text], async (to, fetchOptions) => await to.query(text, params, { ...wishes, fetchOptions }));
      },
      { query: text, params },
      wishes,
    );
  const transaction = async (queries: Query[], wishes: object) => {
    for (const { params } of queries.map(textAndParameters)) limitParameters(params?.length ?? 0);
    const statements = queries.map((each) => textAndParameters(each).query);
    return await request(statements, (to, fetchOptions) => to.transaction(queries, { ...wishes, fetchOptions }));
  };

  // All that Drizzle calls; the rest of the driver's function would send without any of this.
  return { query, transaction } as unknown as Driver;
}

function textAndParameters({ queryData }: Query): { readonly query: string; readonly params?: readonly unknown[] } {
  return 'query' in queryData ? queryData : queryData.toParameterizedQuery();
}

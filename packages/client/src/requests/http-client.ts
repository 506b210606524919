/** Neon's HTTP client as Drizzle uses it, with a deadline, further attempts and a log for each request. */
import { neon, NeonQueryPromise } from '@neondatabase/serverless';

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

/** @param readUrl Called at the first request, which is rejected with what it throws. */
export function httpClient(readUrl: () => URL, { logger, translate, timeoutMs }: HttpClientOptions): Driver {
  let made: Driver | undefined;
  const driver = () => (made ??= neon<boolean, boolean>(readUrl().href));

  const request = <T>(statements: string[], send: (fetchOptions: RequestInit) => Promise<T>): Promise<T> =>
    logged(logger, statements.join(';\n'), () =>
      withRetries(timeoutMs, async (remainingMs) => {
        try {
          return await send({ signal: AbortSignal.timeout(remainingMs) });
        } catch (error) {
          throw translate(error, statements.every(readsOnly)) ?? error;
        }
      }),
    );

  // Sent when it is awaited, and part of a batch when it is not: the driver's class is what its `transaction` looks for.
  const query: Driver['query'] = (text, params = [], options = {}) =>
    new NeonQueryPromise(
      () => {
        limitParameters(params.length);
        return request(
          [text],
          async (fetchOptions) => await driver().query(text, params, { ...options, fetchOptions }),
        );
      },
      { query: text, params },
      options,
    );
  const transaction = async (queries: Query[], options: object) => {
    for (const { params } of queries.map(textAndParameters)) limitParameters(params?.length ?? 0);
    const statements = queries.map((each) => textAndParameters(each).query);
    return await request(
      statements,
      async (fetchOptions) => await driver().transaction(queries, { ...options, fetchOptions }),
    );
  };

  // All that Drizzle calls; the rest of the driver's function would send without any of this.
  return { query, transaction } as unknown as Driver;
}

function textAndParameters({ queryData }: Query): { readonly query: string; readonly params?: readonly unknown[] } {
  return 'query' in queryData ? queryData : queryData.toParameterizedQuery();
}

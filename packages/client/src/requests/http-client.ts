/** Neon's HTTP client as Drizzle uses it, with a deadline, further attempts and a log for each request. */
import { neon, NeonQueryPromise } from '@neondatabase/serverless';

import type { Endpoint } from '../endpoint.ts';
import { readsOnly } from '../errors/reads-only.ts';
import type { Translate } from '../errors/to-database-error.ts';
import { beginRequest } from '../http-endpoint.ts';
import { refuseCopyData } from './copy-data.ts';
import { limitParameters } from './parameter-limit.ts';
import { logged, type QueryLogger } from './query-log.ts';
import { withRetries } from './retry.ts';

export interface HttpClientOptions {
  readonly logger: QueryLogger | undefined;
  readonly translate: Translate;
  /** For one request, further attempts included. */
  readonly timeoutMs: number;
  /** Where it listens, unless the connection string says it. */
  readonly endpoint: Endpoint | undefined;
}

type Driver = ReturnType<typeof neon<boolean, boolean>>;
type Query = NeonQueryPromise<boolean, boolean>;

/** @param readUrl Called at the first request, which is rejected with what it throws. */
export function httpClient(readUrl: () => URL, options: HttpClientOptions): Driver {
  const { logger, translate, timeoutMs, endpoint } = options;
  let url: URL | undefined;
  let driver: Driver;

  const request = <T>(statements: string[], send: (fetchOptions: RequestInit) => PromiseLike<T>): Promise<T> =>
    logged(logger, statements.join(';\n'), () =>
      withRetries(timeoutMs, async (remainingMs) => {
        try {
          if (url === undefined) {
            url = readUrl();
            driver = neon<boolean, boolean>(url.href);
          }
          const signal = AbortSignal.timeout(remainingMs);
          // `then` begins it: an `await` would, too, in another task.
          return await beginRequest(url, endpoint, () => send({ signal }).then((answer) => answer));
        } catch (error) {
          throw translate(error, statements.every(readsOnly)) ?? error;
        }
      }),
    );

  // Sent when it is awaited, and part of a batch when it is not: the driver's class is what its `transaction` looks for.
  const query: Driver['query'] = (text, params = [], wishes = {}) =>
    new NeonQueryPromise(
      () => {
        refuseCopyData(text);
        limitParameters(params.length);
        return request([text], (fetchOptions) => driver.query(text, params, { ...wishes, fetchOptions }));
      },
      { query: text, params },
      wishes,
    );
  const transaction = async (queries: Query[], wishes: object) => {
    for (const { params } of queries.map(textAndParameters)) limitParameters(params?.length ?? 0);
    const statements = queries.map((each) => textAndParameters(each).query);
    for (const statement of statements) refuseCopyData(statement);
    return await request(statements, (fetchOptions) => driver.transaction(queries, { ...wishes, fetchOptions }));
  };

  // All that Drizzle calls; the rest of the driver's function would send without any of this.
  return { query, transaction } as unknown as Driver;
}

function textAndParameters({ queryData }: Query): { readonly query: string; readonly params?: readonly unknown[] } {
  return 'query' in queryData ? queryData : queryData.toParameterizedQuery();
}

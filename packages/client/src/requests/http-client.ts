/** Neon's HTTP client for Drizzle, with a deadline, retries and a log for each request. */
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
  /** Time limit for one request, including retries. */
  readonly timeoutMs: number;
  /** The server's address, unless it comes from the connection string. */
  readonly endpoint: Endpoint | undefined;
}

type Driver = ReturnType<typeof neon<boolean, boolean>>;
type Query = NeonQueryPromise<boolean, boolean>;

/** @param readUrl Called at the first request. If it throws, the request rejects with that error. */
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
          // `then` starts the request in this task. An `await` would start it in a later task.
          return await beginRequest(url, endpoint, () => send({ signal }).then((answer) => answer));
        } catch (error) {
          throw translate(error, statements.every(readsOnly)) ?? error;
        }
      }),
    );

  // The query is sent when it is awaited, and is part of a batch when it is not. The driver's `transaction` checks for this class.
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

  // Drizzle calls only these two. The rest of the driver's function would send requests without deadline, retries or log.
  return { query, transaction } as unknown as Driver;
}

function textAndParameters({ queryData }: Query): { readonly query: string; readonly params?: readonly unknown[] } {
  return 'query' in queryData ? queryData : queryData.toParameterizedQuery();
}

/** Neon's HTTP client for Drizzle, with a deadline, retries and a log for each request. */
import { type FullQueryResults, neon } from '@neondatabase/serverless';

import type { Endpoint } from '../endpoint.ts';
import { readsOnly } from '../errors/reads-only.ts';
import type { Translate } from '../errors/to-database-error.ts';
import { beginRequest } from '../http-endpoint.ts';
import { refuseCopyData } from './copy-data.ts';
import { observed, type OperationKind } from './observer.ts';
import { limitParameters } from './parameter-limit.ts';
import { logged, type QueryLogger } from './query-log.ts';
import { withRetries } from './retry.ts';
import type { StatementComment } from './statement-comment.ts';

export interface HttpClientOptions {
  readonly logger: QueryLogger | undefined;
  readonly comment: StatementComment | undefined;
  readonly translate: Translate;
  /** Time limit for one request, including retries. */
  readonly timeoutMs: number;
  /** The server's address, unless it comes from the connection string. */
  readonly endpoint: Endpoint | undefined;
}

export interface HttpStatement {
  readonly text: string;
  readonly params: unknown[];
  /** Whether a row of the result is an array, not an object. */
  readonly arrayMode: boolean;
}

export type HttpResult = FullQueryResults<boolean>;

/** The errors are `DatabaseError`s, unless a fault of the program caused them. */
export interface HttpClient {
  query(statement: HttpStatement): Promise<HttpResult>;
  /** One request and one transaction. */
  batch(statements: readonly HttpStatement[]): Promise<HttpResult[]>;
}

/** @param readUrl Called at the first request. If it throws, the request rejects with that error. */
export function httpClient(readUrl: () => URL, options: HttpClientOptions): HttpClient {
  const { logger, comment = (text) => text, translate, timeoutMs, endpoint } = options;
  let url: URL | undefined;
  let driver: ReturnType<typeof neon<boolean, true>>;

  const request = <T>(
    kind: OperationKind,
    statements: string[],
    send: (fetchOptions: RequestInit) => PromiseLike<T>,
  ): Promise<T> => {
    if (url === undefined) {
      url = readUrl();
      driver = neon<boolean, true>(url.href, { fullResults: true });
    }
    const to = url;
    const attempt = async (remainingMs: number) => {
      try {
        const signal = AbortSignal.timeout(remainingMs);
        // `then` starts the request in this task. An `await` would start it in a later task.
        return await beginRequest(to, endpoint, () => send({ signal }).then((answer) => answer));
      } catch (error) {
        throw translate(error, statements.every(readsOnly)) ?? error;
      }
    };
    return observed(kind, to, statements, (onRetry) =>
      logged(logger, statements.join(';\n'), () => withRetries(timeoutMs, attempt, onRetry)),
    );
  };

  return {
    async query(statement) {
      requireSendable(statement);
      const { text, params, arrayMode } = statement;
      return await request('query', [text], (fetchOptions) =>
        driver.query(comment(text), params, { arrayMode, fetchOptions }),
      );
    },
    async batch(statements) {
      for (const statement of statements) requireSendable(statement);
      const texts = statements.map(({ text }) => text);
      return await request('batch', texts, (fetchOptions) => {
        const queries = statements.map(({ text, params, arrayMode }) =>
          driver.query(comment(text), params, { arrayMode }),
        );
        return driver.transaction(queries, { fetchOptions });
      });
    },
  };
}

function requireSendable({ text, params }: HttpStatement): void {
  refuseCopyData(text);
  limitParameters(params.length);
}

/** Neon's HTTP client for Drizzle, with a deadline, retries and a log for each request. */
import { type FullQueryResults, neon } from '@neondatabase/serverless';

import type { Endpoint } from '../endpoint.ts';
import { isReadOnly } from '../errors/reads-only.ts';
import type { Translate } from '../errors/to-database-error.ts';
import { beginRequest } from '../http-endpoint.ts';
import { refuseCopyData } from './copy-data.ts';
import { observe, type OperationKind } from './observer.ts';
import { limitParameters } from './parameter-limit.ts';
import { runAndLog, type QueryLogger } from './query-log.ts';
import { withRetries } from './retry.ts';
import { addComment, type StatementComment } from './statement-comment.ts';

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
  /** Runs the statements in one request and one transaction. */
  batch(statements: readonly HttpStatement[]): Promise<HttpResult[]>;
}

type Driver = ReturnType<typeof neon<boolean, true>>;

interface Server {
  readonly url: URL;
  readonly driver: Driver;
}

/** Creates the client. `readUrl` is called at the first request; if it throws, the request rejects with that error. */
export function httpClient(readUrl: () => URL, options: HttpClientOptions): HttpClient {
  const { logger, comment, translate, timeoutMs, endpoint } = options;
  let server: Server | undefined;
  const findServer = () => (server ??= serverAt(readUrl()));

  const request = <T>(
    kind: OperationKind,
    statements: string[],
    send: (driver: Driver, fetchOptions: RequestInit) => PromiseLike<T>,
  ): Promise<T> => {
    const attempt = async (remainingMs: number) => {
      try {
        const { url, driver } = findServer();
        const signal = AbortSignal.timeout(remainingMs);
        // `then` starts the request in this task. An `await` would start it in a later task.
        return await beginRequest(url, endpoint, () => send(driver, { signal }).then((result) => result));
      } catch (error) {
        throw translate(error, statements.every(isReadOnly)) ?? error;
      }
    };
    return observe(kind, urlOf(findServer), statements, (onRetry) =>
      runAndLog(logger, statements.join(';\n'), () => withRetries(timeoutMs, attempt, onRetry)),
    );
  };

  return {
    async query(statement) {
      requireSendable(statement);
      const { text, params, arrayMode } = statement;
      return await request('query', [text], (driver, fetchOptions) =>
        driver.query(addComment(text, comment), params, { arrayMode, fetchOptions }),
      );
    },
    async batch(statements) {
      for (const statement of statements) requireSendable(statement);
      const texts = statements.map(({ text }) => text);
      return await request('batch', texts, (driver, fetchOptions) => {
        const queries = statements.map(({ text, params, arrayMode }) =>
          driver.query(addComment(text, comment), params, { arrayMode }),
        );
        return driver.transaction(queries, { fetchOptions });
      });
    },
  };
}

function serverAt(url: URL): Server {
  return { url, driver: neon<boolean, true>(url.href, { fullResults: true }) };
}

/** The URL for the events; undefined when it is missing. The request then fails in its first attempt, so that the failure is logged. */
function urlOf(findServer: () => Server): URL | undefined {
  try {
    return findServer().url;
  } catch {
    return undefined;
  }
}

function requireSendable({ text, params }: HttpStatement): void {
  refuseCopyData(text);
  limitParameters(params.length);
}

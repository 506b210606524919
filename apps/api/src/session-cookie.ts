/**
 * A session is a signed cookie with the value `userId.expiry`. Signing out deletes the cookie in the browser. A table of sessions could end the
 * sessions of other devices too, but needs clean-up and a query before each request; this app does not need that.
 *
 * `SameSite=Lax`: browsers do not send the cookie with a POST from pages of other sites.
 */
import type { Context, MiddlewareHandler } from 'hono';
import { deleteCookie, getSignedCookie, setSignedCookie } from 'hono/cookie';

import type { ApiOptions, Env } from './context.ts';
import { problem } from './problem.ts';

export const SESSION_COOKIE = 'todo_session';

const SESSION_SECONDS = 14 * 24 * 60 * 60;

type SessionOptions = Pick<ApiOptions, 'sessionSecret' | 'isSecure'>;

export async function startSession(c: Context<Env>, options: SessionOptions, userId: number): Promise<void> {
  const expiresAt = Math.floor(Date.now() / 1000) + SESSION_SECONDS;
  await setSignedCookie(c, SESSION_COOKIE, `${userId}.${expiresAt}`, options.sessionSecret, {
    httpOnly: true,
    sameSite: 'Lax',
    secure: options.isSecure,
    path: '/',
    maxAge: SESSION_SECONDS,
  });
}

export function endSession(c: Context<Env>): void {
  deleteCookie(c, SESSION_COOKIE, { path: '/' });
}

/** Requires a signed-in user, and sets `c.get('userId')`. Without a valid session the response is 401. */
export function requireUser({ sessionSecret }: SessionOptions): MiddlewareHandler<Env> {
  return async (c, next) => {
    const value = await getSignedCookie(c, sessionSecret, SESSION_COOKIE);
    // False for a wrong signature, and undefined without a cookie.
    const [userId = Number.NaN, expiresAt = 0] = (value || '').split('.').map(Number);
    if (!Number.isInteger(userId) || expiresAt * 1000 < Date.now()) return problem(c, 401, SIGN_IN);
    c.set('userId', userId);
    return await next();
  };
}

export const SIGN_IN = 'No user is signed in. Send POST /session with an email address and a password.';

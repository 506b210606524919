/** The messages of connections that failed before they were open, and the pattern that recognizes these messages. */

export function notOpenedMessage(host: string, reason: string): string {
  return `WebSocket to ${host} failed: ${reason}`;
}

export function connectTimeoutMessage(host: string, timeoutMs: number): string {
  return `No connection to ${host} within ${timeoutMs} ms`;
}

/** Matches both messages. No statement was sent, so a retry is safe. */
export const NOT_OPENED = 'WebSocket to \\S+ failed|No connection to \\S+ within';

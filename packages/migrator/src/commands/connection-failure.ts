/** Tells a database that could not be reached from one that answered and refused what was asked. */
import { maskUrl } from '../connection/index.ts';
import { CommandFailure, EXIT, rootCause } from './failure.ts';

const REMEDIES: readonly [code: RegExp, remedy: string][] = [
  [/^(ENOTFOUND|EAI_AGAIN)$/, 'Compare the host with the one in the Neon console, and check the network.'],
  [/^ECONNREFUSED$/, 'Nothing listens there: start the database, or correct host and port.'],
  [/^ETIMEDOUT$/, 'A compute that sleeps wakes within seconds: try again, then check the network and its firewall.'],
  [/^ECONNRESET$/, 'A PostgreSQL without Neon in front of it hangs up like this: use Neon, or `pnpm db:dev`.'],
  [/^(EHOSTUNREACH|ENETUNREACH|EPIPE)$/, 'Check the network and its firewall, then try again.'],
  [/^28/, 'User or password are wrong: copy the connection string again, from the Neon console or from `pnpm db:dev`.'],
  [/^3D000$/, 'Correct the database name at the end of the connection string, or create that database.'],
  [/^(53300|57P0[1-3]|08...)$/, 'The server is starting, stopping or full: try again in a moment.'],
  [
    /^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/,
    'The certificate is not trusted: check clock and proxy, or set NODE_EXTRA_CA_CERTS.',
  ],
];

/** The failure to show for an error that means "could not connect", else the error itself. */
export function explainConnection(error: unknown, url: string): unknown {
  if (error instanceof CommandFailure) return error;
  const { message, code = codeOf(message) } = rootCause(error);
  const remedy = REMEDIES.find(([pattern]) => pattern.test(code))?.[1];
  if (remedy === undefined) return error;
  return new CommandFailure(EXIT.couldNotConnect, `Could not connect to ${maskUrl(url)}: ${message}\n${remedy}`, {
    cause: error,
  });
}

/** `pg` gives its own timeouts no code. */
function codeOf(message: string): string {
  return /timeout/.test(message) ? 'ETIMEDOUT' : '';
}

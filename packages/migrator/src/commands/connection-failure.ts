/** Distinguishes "could not connect" from an error of a database that was reached. */
import { maskUrl } from '../connection/index.ts';
import { CommandFailure, EXIT, rootCause } from './failure.ts';

/** Remedies by the code and the message of the error: errors of `pg` have no code, and 28000 has several causes. */
const REMEDIES: readonly [codeAndMessage: RegExp, remedy: string][] = [
  [/^(ENOTFOUND|EAI_AGAIN): /, 'Compare the host with the one in the Neon console, and check the network.'],
  [/^ECONNREFUSED: /, 'No server listens on this port: start the database, or correct host and port.'],
  // Only for `connect`: a missing file has the same code.
  [
    /^(ENOENT|EACCES): connect /,
    'No server listens on this socket: start the database, or correct socket folder and port.',
  ],
  [
    /^(ETIMEDOUT: |: .*timeout)/,
    'A suspended compute starts within seconds: try again, then check the network and its firewall.',
  ],
  [/^ECONNRESET: /, 'The server closed the connection: check that host and port belong to a PostgreSQL server.'],
  [/^(EHOSTUNREACH|ENETUNREACH|EPIPE): /, 'Check the network and its firewall, then try again.'],
  [/^NO_PASSWORD: /, 'Put the password into the connection string, PGPASSWORD or ~/.pgpass.'],
  [
    /^NO_CHANNEL_BINDING: /,
    '`channel_binding=require` needs TLS and a SCRAM password: remove it, or use a server that has both.',
  ],
  [
    /^: .*does not support SSL/,
    'The server offers no TLS. `sslmode=disable` sends password and data in plain text: use it only on a network that you trust.',
  ],
  [
    /^28000: no pg_hba\.conf entry.*no encryption/,
    'The server requires TLS: use `sslmode=require`, or better `verify-full`.',
  ],
  [
    /^28000: no pg_hba\.conf entry/,
    "The server's pg_hba.conf has no line for this user, database and address: add one, or connect in another way.",
  ],
  [
    /^28000: peer authentication failed/i,
    'Over a socket, the server compares the role with your operating system user: connect as the role of the same name, or over TCP with a password.',
  ],
  [/^28/, 'The server refuses user or password: copy the connection string from the Neon console or `pnpm db:dev`.'],
  [/^3D000: /, 'Correct the database name at the end of the connection string, or create that database.'],
  [/^(53300|57P0[1-3]|08...): /, 'The server is starting, stopping or full: try again in a moment.'],
  [
    /^ERR_TLS_CERT_ALTNAME/,
    'The certificate is for another host: correct the host; or use `sslmode=verify-ca`, which checks only its issuer.',
  ],
  [
    /^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/,
    'The certificate is not trusted: set `sslrootcert` to the file of its issuer, check clock and proxy, or set NODE_EXTRA_CA_CERTS.',
  ],
];

/** If the error says that no connection was possible, returns a failure with a remedy. Returns other errors unchanged. */
export function explainConnection(error: unknown, url: string): unknown {
  if (error instanceof CommandFailure) return error;
  const { message, code = '' } = rootCause(error);
  const remedy = REMEDIES.find(([codeAndMessage]) => codeAndMessage.test(`${code}: ${message}`))?.[1];
  if (remedy === undefined) return error;
  const text = `Could not connect to ${maskUrl(url)}: ${message}\n${remedy}`;
  return new CommandFailure(EXIT.couldNotConnect, text, { cause: error });
}

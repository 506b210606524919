/** Failures between client and server: address, network, TLS. */
import { type Failure, fromPostgres, fromProxy, type Recorded } from './failure.ts';

/** Records a failed HTTP request, as Neon's driver wraps it. */
const fetchFailed = (cause: Recorded): Recorded => ({
  name: 'NeonDbError',
  message: 'Error connecting to database: TypeError: fetch failed',
  sourceError: { name: 'TypeError', message: 'fetch failed', cause },
});

export const NETWORK = {
  'bad-url': {
    text: /^DatabaseUrlError|Wrong URL scheme or missing user|is not a valid URL|No database host or connection string was set|Database connection string (format|provided)/,
    // The message of `DatabaseUrlError` names the wrong part without its value; that of a driver may contain the URL.
    cause: ({ name, message }) =>
      name === 'DatabaseUrlError' ? message : 'The connection string is missing, or is not a PostgreSQL URL.',
    remedy: 'Copy the connection string from the Neon console, without `psql` and quotes; percent-encode the password.',
    examples: [
      { name: 'DatabaseUrlError', message: 'DATABASE_URL is in quotes: remove them.' },
      { message: 'Database connection string provided to `neon()` is not a valid URL. Connection string: x' },
      {
        message:
          'Wrong URL scheme or missing user, host or database in connection string: "mysql://todo:hunter2@host/x"',
      },
      { message: 'No database host or connection string was set, and key parameters have default values' },
    ],
  },
  dns: {
    codes: ['ENOTFOUND', 'EAI_AGAIN'],
    text: /getaddrinfo/,
    cause: 'The host name does not resolve.',
    remedy: 'Compare the host with the host that the Neon console shows; try another DNS server or network.',
    examples: [
      { message: 'getaddrinfo ENOTFOUND ep-x.neon.invalid', code: 'ENOTFOUND' },
      fetchFailed({ message: 'getaddrinfo EAI_AGAIN api.neon.invalid', code: 'EAI_AGAIN' }),
    ],
  },
  refused: {
    codes: ['ECONNREFUSED'],
    cause: 'Nothing listens at that host and port.',
    remedy: 'Start the database (`pnpm db:dev` for the local one), or correct host and port in DATABASE_URL.',
    examples: [
      {
        name: 'AggregateError',
        message: '',
        code: 'ECONNREFUSED',
        errors: [{ message: 'connect ECONNREFUSED ::1:5432', code: 'ECONNREFUSED' }],
      },
      fetchFailed({ name: 'AggregateError', message: '', errors: [{ message: '', code: 'ECONNREFUSED' }] }),
    ],
  },
  'no-host-name': {
    text: /Failed to parse URL from https?:\/\/api\.|Invalid URL/,
    cause: 'HTTP needs Neon’s host name, and the connection string has an IP address.',
    remedy: 'Use the host that the Neon console shows. For a database on this machine, use `localhost`.',
    examples: [
      fetchFailed({ name: 'TypeError', message: 'Failed to parse URL from https://api.0.0.1/sql' }),
      { name: 'TypeError', message: 'Invalid URL', code: 'ERR_INVALID_URL' },
    ],
  },
  'bad-port': {
    text: /bad port/,
    cause: 'HTTP clients block this port.',
    remedy: 'Use another port in DATABASE_URL.',
    examples: [fetchFailed({ message: 'bad port' })],
  },
  timeout: {
    codes: ['ETIMEDOUT', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'P1001'],
    text: /^TimeoutError|No connection to .* within|did not (start the session|respond) in time/,
    cause: 'The database did not respond in time.',
    remedy:
      'A suspended compute starts within seconds: try again with a connect timeout of 10 s. Then check the firewall.',
    examples: [
      { message: 'connect ETIMEDOUT 3.120.1.2:443', code: 'ETIMEDOUT' },
      fetchFailed({ name: 'ConnectTimeoutError', message: 'Connect Timeout Error', code: 'UND_ERR_CONNECT_TIMEOUT' }),
      fetchFailed({ name: 'HeadersTimeoutError', message: 'Headers Timeout Error', code: 'UND_ERR_HEADERS_TIMEOUT' }),
      { name: 'PrismaClientInitializationError', message: "Can't reach database server", code: 'P1001' },
      { name: 'DatabaseError', message: 'The database accepted the connection and did not start the session in time.' },
      { name: 'TimeoutError', message: 'The operation was aborted due to timeout' },
      { message: 'No connection to ep-x.neon.tech within 10000 ms', code: 'ETIMEDOUT' },
    ],
  },
  unreachable: {
    codes: ['EHOSTUNREACH', 'ENETUNREACH'],
    cause: 'There is no network route to the host.',
    remedy: 'Check network, VPN and firewall.',
    examples: [{ message: 'connect ENETUNREACH 2a05::1:443', code: 'ENETUNREACH' }, { code: 'EHOSTUNREACH' }],
  },
  'tls-demanded': {
    text: /connection is insecure|no pg_hba\.conf entry for .* no encryption/,
    cause: 'The server requires TLS.',
    remedy: 'Add `?sslmode=require` to the connection string.',
    examples: [
      fromProxy('connection is insecure (try using `sslmode=require`)'),
      fromPostgres('28000', 'no pg_hba.conf entry for host "10.0.0.7", user "todo", database "todo", no encryption'),
    ],
  },
  'tls-not-offered': {
    text: /server does not support SSL connections|URL requires TLS \(sslmode\)/,
    cause: 'The connection string requires TLS, and the server does not offer it.',
    remedy:
      'For a database on this machine, remove `sslmode` from the connection string. For any other, turn TLS on in the server.',
    examples: [
      { message: 'The server does not support SSL connections' },
      {
        name: 'LocalNeonError',
        message: 'The gateway connects … without TLS, and the URL requires TLS (sslmode): use …',
      },
    ],
  },
  'tls-not-spoken': {
    codes: ['EPROTO', 'ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG'],
    text: /packet length too long|wrong version number/,
    cause: 'The server does not speak TLS.',
    remedy:
      'For a database on this machine, use the host localhost. For any other, check the port, or turn TLS on in the server.',
    examples: [
      fetchFailed({ message: 'write EPROTO 0:error:0A0000C6:SSL routines::packet length too long', code: 'EPROTO' }),
      { message: 'error:0A00010B:SSL routines::wrong version number', code: 'ERR_SSL_WRONG_VERSION_NUMBER' },
      { message: 'packet length too long', code: 'ERR_SSL_PACKET_LENGTH_TOO_LONG' },
    ],
  },
  certificate: {
    codes: ['CERT_HAS_EXPIRED', 'ERR_TLS_CERT_ALTNAME_INVALID'],
    text: /self[- ]signed certificate|unable to (get|verify) .*certificate|certificate (has expired|is not yet valid)|altnames/,
    cause: ({ message }) => `The server’s certificate is not trusted: ${distrustReason(message)}.`,
    remedy:
      'Check the host in the connection string, and the clock of this machine. If the server, or a proxy before it, has a certificate of a private CA, set NODE_EXTRA_CA_CERTS to the file with the certificate of this CA.',
    examples: [
      { message: 'self-signed certificate', code: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
      { message: 'unable to get local issuer certificate', code: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' },
      fetchFailed({ message: 'certificate has expired', code: 'CERT_HAS_EXPIRED' }),
      {
        message: "Hostname/IP does not match certificate's altnames: Host: x. is not in the cert's altnames",
        code: 'ERR_TLS_CERT_ALTNAME_INVALID',
      },
    ],
  },
  'channel-binding': {
    text: /channel binding (required|is required)|Channel binding failed/i,
    cause:
      'The connection string requires channel binding, and the driver, or a proxy that ends TLS, does not support it.',
    remedy: 'Update the driver (`pg` needs `enableChannelBinding: true`), or remove `channel_binding` from the string.',
    examples: [
      fromProxy('channel binding required but not supported'),
      { message: 'Channel binding failed: tls-server-end-point' },
    ],
  },
  'sslmode-alias': {
    text: /'prefer', 'require', and 'verify-ca' are treated as aliases/,
    cause:
      '`pg` warns that it treats `sslmode=require` as `verify-full`, and that version 9 will not. This is not an error.',
    remedy: 'Write `sslmode=verify-full`.',
    examples: [
      {
        name: 'Warning',
        message:
          "SECURITY WARNING: The SSL modes 'prefer', 'require', and 'verify-ca' are treated as aliases for 'verify-full'.",
      },
    ],
  },
} satisfies Record<string, Failure>;

/** The reason in words, from a message of OpenSSL or Node.js. */
function distrustReason(message: string): string {
  if (/altnames/.test(message)) return 'it is for another host name';
  if (/has expired/.test(message)) return 'it has expired';
  return /not yet valid/.test(message) ? 'it is not valid yet' : 'its issuer is unknown to this machine';
}

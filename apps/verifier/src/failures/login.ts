/** Failures of the login: role, database, endpoint, quotas, connection limits. */
import { type Failure, fromPostgres, fromProxy } from './failure.ts';

export const LOGIN = {
  'ip-allow-list': {
    text: /This IP address .* is not allowed|blocked network|VPC endpoint/,
    cause: 'The IP address of this machine is not in Neon’s IP allow-list.',
    remedy: 'Add the address in the Neon console, under Settings → IP Allow. A machine may also have an IPv6 address.',
    examples: [
      fromProxy('This IP address 1.2.3.4 is not allowed to connect to this endpoint.'),
      fromProxy('Connection from a blocked network is not allowed'),
      fromProxy('This VPC endpoint vpce-1 is not allowed to connect to this endpoint.'),
    ],
  },
  'no-entry': {
    text: /no pg_hba\.conf entry|pg_hba\.conf rejects/,
    cause: 'The server’s pg_hba.conf has no entry for this machine, user and database.',
    remedy: 'Add a line to pg_hba.conf and run SELECT pg_reload_conf(), or connect from an allowed address.',
    examples: [
      fromPostgres('28000', 'no pg_hba.conf entry for host "10.0.0.7", user "todo", database "todo", SSL encryption'),
      fromPostgres('28000', 'pg_hba.conf rejects connection for host "10.0.0.7", user "todo", database "todo"'),
    ],
  },
  password: {
    codes: ['28P01'],
    text: /password authentication failed|client password must be a string/,
    cause: 'The user or the password is wrong.',
    remedy: 'Reset the password in the Neon console and copy the connection string again; percent-encode the password.',
    examples: [
      fromPostgres('28P01', 'password authentication failed for user "todo"'),
      fromProxy("password authentication failed for user 'todo'"),
      { message: 'SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string' },
    ],
  },
  'login-method': {
    text: /(peer|ident|gssapi|certificate|ldap|pam|radius) authentication failed/i,
    cause:
      'The server refuses the login by a method of pg_hba.conf. The method `peer` compares the user with the operating system user.',
    remedy:
      'For `peer`, connect as the user with the name of your operating system user; or connect over TCP with a password. For another method, see its line in pg_hba.conf.',
    examples: ['Peer', 'Ident', 'GSSAPI', 'certificate', 'LDAP', 'PAM', 'RADIUS'].map((method) =>
      fromPostgres('28000', `${method} authentication failed for user "todo"`),
    ),
  },
  'no-role': {
    codes: ['28000'],
    cause: 'The user does not exist on this server, or has no LOGIN attribute.',
    remedy: 'Check the user in the connection string: the string may have been copied from another branch.',
    examples: [fromPostgres('28000', 'role "no_such_user" does not exist')],
  },
  'no-database': {
    codes: ['3D000'],
    text: /database "[^"]*" does not exist/,
    cause: 'The database does not exist.',
    remedy: 'Correct the name at the end of the connection string; the first database on Neon is called neondb.',
    examples: [
      fromPostgres('3D000', 'database "no_such_db" does not exist'),
      fromProxy('database "no_such_db" does not exist'),
    ],
  },
  'no-endpoint-id': {
    text: /Endpoint ID is not specified/,
    cause: 'Neon cannot identify the endpoint: the client sends no server name (SNI).',
    remedy: 'Update the driver, or add `?options=endpoint%3D<endpoint id>` to the connection string.',
    examples: [fromProxy('Endpoint ID is not specified. Either please upgrade the postgres client library …')],
  },
  'two-endpoints': {
    text: /Inconsistent project name inferred from SNI/,
    cause: 'The host and `options=endpoint…` name different endpoints.',
    remedy: 'Remove `options` from the connection string.',
    examples: [fromProxy("Inconsistent project name inferred from SNI ('a') and project option ('b').")],
  },
  'no-endpoint': {
    text: /endpoint cannot be found/,
    cause: 'The endpoint does not exist; its branch may be deleted.',
    remedy: 'Copy the host that the Neon console shows.',
    examples: [fromProxy('Control plane request failed: endpoint cannot be found')],
  },
  'endpoint-disabled': {
    text: /endpoint is disabled/,
    cause: 'The compute is disabled.',
    remedy: 'Enable the compute in the Neon console: Branches → Computes.',
    examples: [fromProxy('The requested endpoint is disabled. Enable it and try again.')],
  },
  quota: {
    text: /Check your quotas|exceeded the .*quota/,
    cause: 'The quota of the project is used up, or the compute is under maintenance.',
    remedy: 'Check Billing in the Neon console; during maintenance, try again in a moment.',
    examples: [
      fromProxy('The requested endpoint is temporarily unavailable. Check your quotas and/or contact our support'),
      fromProxy('Your account or project has exceeded the compute time quota. Upgrade your plan to increase limits.'),
    ],
  },
  'branches-locked': {
    text: /\b423\b.*\b[Ll]ocked|project already has running conflicting operations/,
    cause: 'Neon’s API is running another operation on the same project.',
    remedy: 'Try again, up to eight times, doubling the pause each time.',
    examples: [
      { message: 'HTTP 423 Locked' },
      { message: 'project already has running conflicting operations, scheduling of new ones is prohibited' },
    ],
  },
  waking: {
    text: /Control plane request failed|Couldn't connect to compute node/,
    cause: 'Neon could not start the compute.',
    remedy: 'Try again up to three times; https://neonstatus.com lists incidents.',
    examples: [fromProxy('Control plane request failed'), fromProxy("Couldn't connect to compute node")],
  },
  'connection-storm': {
    text: /Too many connections to this endpoint|Too many connections attempts|Failed to acquire permit/,
    cause: 'Neon’s proxy limits connections: too many are opened at once.',
    remedy: 'Share one pool per process, and wait longer after each failure.',
    examples: [
      fromProxy('Too many connections to this endpoint'),
      fromProxy('Too many connections attempts, try again later'),
      fromProxy('Failed to acquire permit to connect to the database. Too many database connection attempts …'),
    ],
  },
  'no-slots': {
    codes: ['53300'],
    text: /remaining connection slots are reserved|too many clients already/,
    cause: 'The server has reached its connection limit.',
    remedy: 'Use the `-pooler` host, or smaller pools.',
    examples: [
      fromPostgres('53300', 'sorry, too many clients already'),
      fromProxy('remaining connection slots are reserved for roles with the SUPERUSER attribute'),
      fromProxy('sorry, too many clients already'),
    ],
  },
  'pooler-full': {
    text: /query_wait_timeout|no more connections allowed/,
    cause: 'The pooler is full: long transactions hold all its connections.',
    remedy: 'Shorten transactions (pg_stat_activity shows the long ones), or raise the compute’s size.',
    examples: [
      fromPostgres('08P01', 'query_wait_timeout'),
      fromPostgres('08P01', 'no more connections allowed (max_client_conn)'),
    ],
  },
  'startup-parameter': {
    text: /unsupported startup parameter/,
    cause: 'A pooled connection does not support `options` and `search_path`.',
    remedy: 'Use the direct host (without `-pooler`), or SET LOCAL inside a transaction.',
    examples: [fromPostgres('08P01', 'unsupported startup parameter in options: search_path')],
  },
  'server-restarts': {
    codes: ['57P01', '57P02', '57P03'],
    text: /terminating connection due to/,
    cause:
      'The server is starting or stopping, has crashed, or ended the session, as a compute that scales to zero does.',
    remedy:
      'Try again; before you repeat a write, check whether it was applied. A pool needs an `error` listener and an idle timeout below 5 minutes.',
    examples: [
      fromPostgres('57P01', 'terminating connection due to administrator command'),
      fromPostgres('57P02', 'terminating connection because of crash of another server process'),
      fromPostgres('57P03', 'the database system is starting up'),
      fromProxy('terminating connection due to administrator command'),
    ],
  },
} satisfies Record<string, Failure>;

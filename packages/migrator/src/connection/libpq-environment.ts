/** The variables of libpq that decide where and how to connect. https://www.postgresql.org/docs/current/libpq-envars.html */
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';

/** The values of the variables, under the parameter names of a connection string. */
export interface LibpqEnvironment {
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** The name of the operating system user. */
  readonly userName: string;
  /** The folder in which libpq looks for certificates by default. */
  readonly certificateFolder: string;
}

const VARIABLES: Readonly<Record<string, string>> = {
  host: 'PGHOST',
  hostaddr: 'PGHOSTADDR',
  port: 'PGPORT',
  user: 'PGUSER',
  password: 'PGPASSWORD',
  dbname: 'PGDATABASE',
  application_name: 'PGAPPNAME',
  options: 'PGOPTIONS',
  connect_timeout: 'PGCONNECT_TIMEOUT',
  channel_binding: 'PGCHANNELBINDING',
  service: 'PGSERVICE',
  require_auth: 'PGREQUIREAUTH',
  requirepeer: 'PGREQUIREPEER',
  gssencmode: 'PGGSSENCMODE',
  sslmode: 'PGSSLMODE',
  sslrootcert: 'PGSSLROOTCERT',
  sslcert: 'PGSSLCERT',
  sslkey: 'PGSSLKEY',
  sslcrl: 'PGSSLCRL',
  sslcrldir: 'PGSSLCRLDIR',
  sslnegotiation: 'PGSSLNEGOTIATION',
  sslcertmode: 'PGSSLCERTMODE',
  ssl_min_protocol_version: 'PGSSLMINPROTOCOLVERSION',
  ssl_max_protocol_version: 'PGSSLMAXPROTOCOLVERSION',
};

/** Reads libpq's variables. An empty variable counts as not set. */
export function libpqEnvironment(): LibpqEnvironment {
  return {
    variables: Object.fromEntries(
      Object.entries(VARIABLES).map(([parameter, variable]) => [parameter, process.env[variable] || undefined]),
    ),
    userName: userInfo().username,
    certificateFolder: join(homedir(), '.postgresql'),
  };
}

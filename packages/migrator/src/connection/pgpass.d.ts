/** https://github.com/hoegaarden/pgpass */
declare module 'pgpass' {
  interface ConnectionInfo {
    readonly host: string;
    readonly port: number;
    readonly user: string;
    readonly database: string;
  }
  export default function pgpass(connection: ConnectionInfo, found: (password: string | undefined) => void): void;
}

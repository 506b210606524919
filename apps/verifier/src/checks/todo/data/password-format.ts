import { OWN_EMAILS } from '../own-rows.ts';
import { type Check, verdict } from '../../../check.ts';

/** The formats of common libraries for argon2, bcrypt, scrypt and PBKDF2: parameters, salt and hash. */
const HASH = `^(${[
  String.raw`\$argon2(i|d|id)\$(v=\d+\$)?m=\d+,t=\d+,p=\d+[^$]*\$[^$\s]+\$[^$\s]+`,
  String.raw`\$2[abxy]?\$(0[4-9]|[12]\d|3[01])\$[./A-Za-z0-9]{53}`,
  String.raw`\$7\$[./A-Za-z0-9]{11,}\$[./A-Za-z0-9]{43}`,
  String.raw`\$?(scrypt|pbkdf2)([$:_-][^$:\s]+){2,}`,
  '[0-9a-f]{32}:[0-9a-f]{128}',
].join('|')})$`;

export const passwordFormat: Check = {
  id: 'data/password-format',
  title: 'Passwords are stored as hashes only',
  method:
    'Looks for values that are not in the format of argon2, bcrypt, scrypt or PBKDF2. The values stay on the server.',
  why: 'Anyone who sees the table or a backup can log in as these users, here and wherever they reuse the password.',
  remedy: 'Hash the passwords, or make these users set a new one.',
  mode: 'reads',
  run: ({ read }) =>
    read(async (session) => {
      const { rows } = await session.query(
        `select id from public."user" where hashed_password !~ $1 and email not like $2 order by id limit 5`,
        [HASH, OWN_EMAILS],
      );
      if (rows.length === 0) return verdict([]);
      const ids = rows.map(({ id }) => id).join(', ');
      const about = { table: 'user', name: 'hashed_password' };
      return verdict([{ have: `users such as ${ids} have no password hash`, want: 'a hash for each', about }]);
    }),
};

/** The database for `prisma migrate`. */
export default { datasource: { url: process.env.DATABASE_URL } };

/** Where `prisma migrate` finds the database. */
export default { datasource: { url: process.env.DATABASE_URL } };

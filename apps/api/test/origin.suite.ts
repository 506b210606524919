/** The tests of the API on a server that runs already: `API_ORIGIN`, on the database `API_DATABASE_URL`. */
import { apiSuite } from './suite.ts';

const { API_ORIGIN = '', API_DATABASE_URL = '' } = process.env;
apiSuite({ origin: () => API_ORIGIN, url: () => API_DATABASE_URL });

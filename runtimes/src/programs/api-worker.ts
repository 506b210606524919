/** The reference app on Workers. */
import { respondWithApi } from './api.js';

export default { fetch: respondWithApi };

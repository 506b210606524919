/** The cases on Workers. */
import { respondToCase } from '../cases/respond.js';

export default { fetch: respondToCase };

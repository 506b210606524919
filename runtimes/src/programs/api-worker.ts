/** The reference app on Workers. */
import { answerApi } from './api.js';

export default { fetch: answerApi };

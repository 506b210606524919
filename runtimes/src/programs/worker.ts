/** The cases on Workers. */
import { answer } from '../cases/answer.js';

export default { fetch: answer };

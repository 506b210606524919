/** The variables of this workspace, from the process and from the `.env` at its root. */
export { type Environment, loadEnvironment, localUrl } from '@todo/client/environment';

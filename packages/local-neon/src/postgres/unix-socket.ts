/** How `pg` reaches our server, whole: what is not said here it takes from the environment, such as PGPORT. */
export function socketOptions(folder: string): { host: string; port: number; ssl: false; options: string } {
  // Only what is not empty counts as said.
  return { host: folder, port: 5432, ssl: false, options: ' ' };
}

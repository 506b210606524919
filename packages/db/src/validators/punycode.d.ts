/** The package has no types of its own, and `@types/punycode` has them for Node's deprecated module of the same functions. */
declare module 'punycode.js' {
  const punycode: { toUnicode(domain: string): string };
  export default punycode;
}

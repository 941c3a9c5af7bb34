/** A file as text, bundled by Nitro. */
declare module 'raw:*' {
  const text: string
  export default text
}

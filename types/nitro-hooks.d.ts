import type { H3Event } from 'h3'

declare module 'nitropack' {
  interface NitroRuntimeHooks {
    /** Somebody leaves by "Exit this page": put away what is kept for this browser. */
    'linli:exit': (event: H3Event) => void | Promise<void>
  }
}

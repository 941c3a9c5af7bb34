declare module '#app' {
  interface PageMeta {
    /** Shows "Exit this page": on all pages about a report. */
    hasExit?: boolean
    /** A page of the desk for people who are not signed in. */
    isOpen?: boolean
  }
}

export {}

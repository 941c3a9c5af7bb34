import { defineDeskHandler } from '#server/http/desk-handler'
import { intakeReceiptCookie } from '#server/http/intake-cookies'

/** "Handed over": the receipt leaves this browser. */
export default defineDeskHandler({
  run: ({ event }) => intakeReceiptCookie.clear(event),
})

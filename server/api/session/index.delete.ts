import { defineApiHandler } from '../../http/api-handler.ts'
import { visitOf } from '../../http/require-actor.ts'

/** Signs out: the session ends in the database and its cookies go. */
export default defineApiHandler({
  async run({ event }) {
    await visitOf(event).signOut()
  },
})

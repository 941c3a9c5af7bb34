import { randomBytes } from 'node:crypto'
import { intakeDraftSchema } from '#shared/reports/intake-schema'
import { saveIntakeDraft } from '#server/domain/reports/intake-draft'
import { defineDeskHandler } from '#server/http/desk-handler'
import { emergencyCard } from '#server/http/emergency-card'
import { intakeDraftCookie } from '#server/http/intake-cookies'
import { limitsFor } from '#server/http/rate-limits'

/** Keeps what is typed, and reads it for danger (PRODUCT §1): the card stands there while the colleague still listens. */
export default defineDeskHandler({
  body: intakeDraftSchema,
  async run({ services, actor, event, body }) {
    const token = intakeDraftCookie.read(event) ?? randomBytes(24).toString('base64url')
    await saveIntakeDraft(services, { token, staffId: actor.userId, draft: body }, limitsFor(event, services, 'report.draft'))
    intakeDraftCookie.write(event, token)
    return { emergency: await emergencyCard(`${body.description}\n${body.occurredText}`) ?? null }
  },
})

import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { caller } from './desk-caller.ts'
import { mailsTo } from './mailbox.ts'

/** The link in the newest invitation to an address; mails come in a moment after they are asked for. @param but the path of an older one */
export async function invitationFor(portalUrl: string, email: string, but = ''): Promise<string> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const links = (await mailsTo(portalUrl, email)).flatMap(({ body }) => /https?:\S+\/desk\/invitation\/\S+/.exec(body) ?? [])
    const path = links.map(link => new URL(link).pathname).find(found => found !== but)
    if (path) return path
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  throw new Error('no invitation has come')
}

/** Somebody who was proposed by the demo's administrator and confirmed by its chief: the path of their link. */
export async function inviteSomebody(portalUrl: string): Promise<string> {
  const mark = randomBytes(4).toString('hex')
  const email = `p-${mark}@station.example`
  const [admin, chief] = await Promise.all([caller(portalUrl, 'admin'), caller(portalUrl, 'chief')])
  const proposed = await admin.call('POST', 'desk/staff/proposals', { kind: 'invite', role: 'officer', reason: 'starts on Monday', invite: { email, name: { zh: '林晓', en: 'Lin Xiao' }, badgeNumber: mark, locale: 'zh' } })
  const { id } = z.object({ id: z.uuid() }).parse(proposed.body)
  const confirmed = await chief.call('POST', `desk/staff/proposals/${id}`, { decision: 'confirmed' })
  if (confirmed.status !== 204) throw new Error(`not confirmed: ${confirmed.status} ${JSON.stringify(confirmed.body)}`)
  return invitationFor(portalUrl, email)
}

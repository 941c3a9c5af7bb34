import { type Answer, type Submission, answerOf } from './reports-builder.ts'
import type { Person, World } from './world.ts'

const hours = (count: number, from = Date.now()) => new Date(from + count * 3600_000).toISOString()
export { hours }

export const aText = (headline: string, changes: Submission = {}) => ({ headline, description: '请关好门窗。', instruction: null, ...changes })

/** What the desk sends for a yellow warning in Ping'an; change what the test is about. */
export function aForm(world: World, changes: Submission = {}): Submission {
  return {
    kind: 'warning', colour: 'yellow', event: 'burglary', urgency: 'Expected', severity: 'Moderate', certainty: 'Likely', expires: hours(24),
    texts: { zh: aText('平安里近日发生入室盗窃'), en: aText('Burglaries in Ping\'an') }, areas: [{ kind: 'community', community: world.community.pingAn }], ...changes,
  }
}

export type Alert = { identifier: string, revision: number, state: string } & Record<string, unknown>
export const alertOf = (answer: Answer): Alert => {
  if (!answer.ok) throw new Error(`refused: ${answer.code}`)
  return answer.alert as Alert
}

export const deskCall = async (world: World, who: Person, name: string, p: Submission): Promise<Answer> => answerOf((await world.as(who)).rpc(name, { p }))
export const decide = (world: World, who: Person, { identifier, revision }: Alert, act: string, changes: Submission = {}) => deskCall(world, who, 'decide_alert', { identifier, revision, act, ...changes })
export const start = (world: World, who: Person, { identifier }: Pick<Alert, 'identifier'>, act: string) => deskCall(world, who, 'start_alert', { identifier, act })
export const saved = async (world: World, who: Person, changes: Submission = {}): Promise<Alert> => alertOf(await deskCall(world, who, 'save_alert', aForm(world, changes)))

/** As the portal publishes: asks what it will say, signs it, sends both. The signature does not matter to the database. @param changes of the second call */
export async function publish(world: World, who: Person, { identifier, revision }: Alert, override?: string, changes: Submission = {}): Promise<Answer> {
  const about = { ...await world.actor(who), identifier, revision, ...(override && { override_reason: override }) }
  const prepared = await answerOf(world.server.rpc('prepare_alert', { p: about }))
  if (!prepared.ok) return prepared
  const content = prepared.content as { sent: string, references: unknown[] }
  const statement = { version: 1, type: 'alert', identifier, sent: content.sent, contentHash: 'x', references: content.references, keyId: 'signing-1', signature: 'x' }
  return answerOf(world.server.rpc('publish_alert', { p: { ...about, content, statement, ...changes } }))
}

/** A published one: orange and red ones are handed in by the lead and published by the chief. */
export async function published(world: World, changes: Submission = {}): Promise<Alert> {
  const draft = await saved(world, 'lead_zhao', changes)
  await decide(world, 'lead_zhao', draft, 'submit')
  return { ...draft, ...alertOf(await publish(world, 'chief_sun', draft)) }
}

/** What follows a message, published by the chief. */
export async function follow(world: World, alert: Pick<Alert, 'identifier'>, act: string, changes: Submission = {}): Promise<Alert> {
  let draft = alertOf(await start(world, 'lead_zhao', alert, act))
  const texts = { zh: { headline: '后续情况通报', description: '情况有变化。', instruction: null } }
  const { kind, colour, event, urgency, severity, certainty, areas, expires } = draft as unknown as Record<string, unknown>
  draft = alertOf(await deskCall(world, 'lead_zhao', 'save_alert', { identifier: draft.identifier, revision: draft.revision, kind, colour, event, urgency, severity, certainty, areas, expires, texts, ...changes }))
  await decide(world, 'lead_zhao', draft, 'submit')
  return { ...draft, ...alertOf(await publish(world, 'chief_sun', draft)) }
}

import { aSpki } from './ratings-builder.ts'
import { type Submission, aHash, answerOf, hex64, sealed } from './reports-builder.ts'
import type { Person, World } from './world.ts'

const label = (text: string) => ({ zh: text, en: text })
const options = (...codes: string[]) => codes.map(code => ({ code, label: label(code) }))

/** One question of each kind, as the portal keeps it. */
export const definition = {
  title: label('公众安全感'), questions: [
    { kind: 'single', code: 'safety', label: label('safety'), isRequired: true, hasCannotSay: true, branches: [], options: options('safe', 'unsafe') },
    { kind: 'multi', code: 'worries', label: label('worries'), isRequired: false, hasCannotSay: false, branches: [], atMost: 2, options: [...options('theft', 'fraud', 'noise'), { code: 'nothing', label: label('nothing'), isAlone: true }] },
    { kind: 'scale', code: 'trust', label: label('trust'), isRequired: false, hasCannotSay: true, branches: [], from: 1, to: 5, low: label('low'), high: label('high') },
    { kind: 'number', code: 'age', label: label('age'), isRequired: false, hasCannotSay: false, branches: [], min: 16, max: 120, isWhole: true, bands: [30, 45, 60] },
    { kind: 'number', code: 'hours', label: label('hours'), isRequired: false, hasCannotSay: false, branches: [], min: 0, max: 24, isWhole: false, bands: [] },
    { kind: 'matrix', code: 'police', label: label('police'), isRequired: true, hasCannotSay: true, branches: [], rows: options('respect', 'fair'), options: options('agree', 'disagree') },
    { kind: 'text', code: 'wish', label: label('wish'), isRequired: false, branches: [], maxLength: 500 },
  ],
}
export const answers = (changes: Submission = {}) => ({ safety: 'safe', worries: ['theft'], trust: 4, age: 40, hours: 1.5, police: { respect: 'agree', fair: 'cannot_say' }, ...changes })

/** What the tests about surveys do. */
export function surveyActs(world: () => World) {
  /** As the portal calls, with the secret key. */
  const server = (name: string, p: Submission = {}) => answerOf(world().server.rpc(name, Object.keys(p).length ? { p } : {}))
  const named = async (who: Person, name: string, p: Submission) => server(name, { ...await world().actor(who), ...p })
  const own = async (who: Person, name: string, p: Submission) => answerOf((await world().as(who)).rpc(name, { p }))
  const slugOf = async (community: keyof World['community']) => (await world().sql<{ slug: string }[]>`select slug from public.communities where id = ${world().community[community]}`)[0]!.slug
  const soon = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString()

  const aDraft = async (changes: Submission = {}) => (await named('officer_wang', 'save_survey', { definition, ...changes })).survey as string
  const approve = async (survey: string, changes: Submission = {}, who: Person = 'lead_zhao') => named(who, 'approve_survey', { survey, revision: 1, mode: 'ballot', is_open_to_all: true, opens_at: soon(-1), closes_at: soon(48), communities: [await slugOf('pingAn')], ...changes })
  /** Approved an hour ago, of Ping'an, with the key of its ballots where it is by ballot. */
  async function anOpenSurvey({ mode = 'ballot' as 'ballot' | 'invited', isOpenToAll = true } = {}) {
    const { sql, person, community, station } = world()
    const id = crypto.randomUUID()
    await sql`insert into private.surveys (id, station_id, series_id, definition, mode, is_open_to_all, opens_at, closes_at, written_by, written_at, approved_by, approved_at)
      values (${id}, ${station.home}, ${id}, ${sql.json(definition)}, ${mode}, ${isOpenToAll}, private.clock() - interval '1 hour', private.clock() + interval '2 days', ${person.officer_wang.id}, private.clock() - interval '3 hours', ${person.lead_zhao.id}, private.clock() - interval '2 hours')`
    await sql`insert into private.survey_communities (survey_id, community_id, eligible) values (${id}, ${community.pingAn}, 40)`
    return { survey: id, key: mode === 'ballot' ? await aKey(id) : '' }
  }
  const aKey = async (survey: string, occasion: 'survey' | 'rating' = 'survey', opens = -1) => (await server('keep_ballot_key', {
    occasion, occasion_id: survey, community: world().community.pingAn, ...(occasion === 'rating' && { officer: world().person.officer_wang.id }), spki: aSpki(), private_sealed: sealed('private key'), opens_at: soon(opens), closes_at: soon(48),
  })).id as string
  const invite = async (survey: string, hashes: string[], who: Person = 'lead_zhao') => named(who, 'keep_survey_invitations', { survey, community: await slugOf('pingAn'), hashes })
  const byBallot = (survey: string, key: string, changes: Submission = {}) => server('answer_survey', { survey, key, nullifier: hex64(), answers: answers(), texts: [], network: aHash(), ...changes })
  const byLink = (survey: string, token: string, changes: Submission = {}) => server('answer_survey', { survey, token_hash: token, answers: answers(), texts: [], network: aHash(), ...changes })
  const openly = (survey: string, changes: Submission = {}) => server('answer_survey', { survey, limits: [], answers: answers(), texts: [], network: aHash(), ...changes })
  /** Over at once, and seen to be by the job. */
  const end = async (survey: string) => {
    await own('lead_zhao', 'end_survey', { survey })
    await server('advance_surveys')
  }
  return { server, named, own, slugOf, soon, aDraft, approve, anOpenSurvey, aKey, invite, byBallot, byLink, openly, end }
}

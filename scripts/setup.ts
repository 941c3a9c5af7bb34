// npm run setup: makes a real station, or says what stands of it. Answers come as flags, environment or in the terminal.
import { join } from 'node:path'
import { AppError } from '../shared/errors.ts'
import { readSetUp, setUpStation } from '../server/domain/communities/set-up-station.ts'
import { openServices, type Services } from '../server/domain/services.ts'
import { inviteFirstStaff } from '../server/domain/staff/invite-first-staff.ts'
import { SealError } from '../server/domain/trust/envelope.ts'
import { Sentence, sayAndExit } from './bootstrap/sentence.mjs'
import { settingsPath, writeSettingsFile } from './bootstrap/settings-file.mjs'
import { step } from './bootstrap/step.mjs'
import { fulfil, type Terminal } from './setup/ask.ts'
import { helpText } from './setup/help.ts'
import { prepare, type Prepared } from './setup/prepare.ts'
import { makeStorage, openEmbedded, openSupabase, type OpenBackend } from './setup/station-backend.ts'
import { sendTestMail } from './setup/test-mail.ts'
import { chiefWishes, peopleWishes, stationWishes } from './setup/wishes.ts'

type Stands = Awaited<ReturnType<typeof readSetUp>>

const root = join(import.meta.dirname, '..')
const terminal: Terminal | undefined = process.stdin.isTTY && process.stdout.isTTY ? { input: process.stdin, output: process.stdout } : undefined
const say = (text = '') => process.stdout.write(`${text}\n`)
let backend: OpenBackend | undefined

const sentences: Partial<Record<string, string>> = {
  unavailable: 'The database does not answer.',
  forbidden: 'The database refused: it is marked as a demo, or the secret key is not its own.',
  invalid_input: 'The database refused an answer: check names, short name, time zone, addresses and badge numbers (the two people need two of each). Links that are out go on working.',
  already_set_up: 'The station has a chief already; everybody else is invited at the desk, under People.',
  already_staff: 'One of the addresses belongs to somebody who works at the desk already. Links that are out go on working.',
  already_invited: 'One of the addresses has been invited already; use --new-invitations to send new links.',
  badge_taken: 'One of the badge numbers is taken. Links that are out go on working.',
  internal: 'The database knows no such call; if its schema is older than this version, give SUPABASE_DB_URL or apply supabase/migrations first.',
}

try {
  const prepared = await prepare(root, process.argv.slice(2), process.env, terminal)
  if (prepared) await setUp(prepared)
  else say(helpText(settingsPath(root, process.env)))
  await backend?.leave()
}
catch (error) {
  await backend?.leave()
  sayAndExit(inWords(error))
}

async function setUp(prepared: Prepared) {
  const { file, lines, settings, environment, newKeys, staying, isToBeWritten, orders, told } = prepared
  if (staying.length) say(`  ${staying.join(', ')}: as in ${file}, not as told now; --change would change that.`)
  await step('settings', (line) => {
    line.is(`${file}${isToBeWritten ? ' (written)' : ''}`)
    if (isToBeWritten) writeSettingsFile(file, lines)
  })
  if (newKeys) showKeys(newKeys, file)

  const isHosted = settings.embeddedPort === undefined
  const opened = await step('database', async (line) => {
    backend = await (isHosted ? openSupabase(settings, environment) : openEmbedded(settings, environment))
    line.is(backend.outcome)
    return backend
  })
  const services = await openServices(opened.services)
  if (isHosted) await step('storage', async line => line.is(await makeStorage(services) ? 'bucket made' : 'bucket stands'))
  const stands = await readSetUp(services)
  if (stands.isDemo) throw new Sentence('This database is marked as a demo and never becomes a real station: use another one.')
  const stationId = await keepStation(services, stands, prepared)
  await invite(services, stationId, stands, prepared)
  const mailTo = orders.testMail
  if (mailTo) {
    await step('test mail', async (line) => {
      await sendTestMail(environment, mailTo, told.get('language') === 'en' ? 'en' : 'zh')
      line.is('taken by the mail server')
    })
  }
  if (stands.auditors === 0) say('\n  There is no auditor yet: what residents report about the only chief reaches nobody. Let the administrator invite one at\n  the desk, under People, as soon as the chief has come.')
  const named = process.env.LINLI_SETTINGS ? `LINLI_SETTINGS=${file} ` : ''
  say(`\n  Next: ${named}npm start, behind a proxy that ends TLS for ${settings.publicUrl}. How to run it: docs/production.md.\n`)
}

/** The station as it stands, made or changed. */
async function keepStation(services: Services, stands: Stands, { orders, told, station: asked }: Prepared): Promise<string> {
  const isTold = Object.keys(stationWishes).some(flag => told.has(flag))
  if (stands.station && !asked && !isTold) {
    await step('station', line => line.is(`${stands.station?.name.zh} · ${stands.station?.name.en}`))
    return stands.station.id
  }
  // What is not told of a station that stands stays as it is.
  const { station: old } = stands
  const now: [string, string | null | undefined][] = [['station-name-zh', old?.name.zh], ['station-name-en', old?.name.en], ['slug', old?.slug], ['time-zone', old?.time_zone], ['phone', old?.phone]]
  const answers = asked ?? await fulfil(stationWishes, new Map([...now.flatMap(([flag, value]): [string, string][] => value ? [[flag, value]] : []), ...told]), terminal)
  const of = (flag: keyof typeof stationWishes) => answers.get(flag) ?? ''
  return step('station', async (line) => {
    const phone = of('phone')
    const { station: { id, name }, isNew, differs } = await setUpStation(services, { slug: of('slug'), name: { zh: of('station-name-zh'), en: of('station-name-en') }, timeZone: of('time-zone'), ...(phone && { phone }), isChange: orders.isChange })
    line.is(`${name.zh} · ${name.en}${isNew ? ' (made)' : ''}`)
    return { id, differs }
  }).then(({ id, differs }) => {
    const others = differs.filter(name => name !== 'slug')
    if (differs.includes('slug')) say('  The short name is not as told; it never changes, since addresses carry it.')
    if (others.length) say(`  ${others.join(', ')} of the station: as it stands, not as told now; --change would change that.`)
    return id
  })
}

/** The first chief and the first administrator; later ones come in at the desk. */
async function invite(services: Services, stationId: string, stands: Stands, { orders, told, people: asked }: Prepared) {
  if (stands.chiefs > 0) return step('people', line => line.is(`${stands.chiefs} chief, ${stands.admins} administrator; more at the desk, under People`))
  if (stands.invited.length && !orders.isNewInvitations) {
    return step('people', line => line.is(`invited: ${stands.invited.map(({ role, badgeNumber, expiresAt }) => `${role} ${badgeNumber} until ${expiresAt.slice(0, 10)}`).join(', ')}; links lost? --new-invitations`))
  }
  const hasAdmin = stands.admins > 0
  const answers = asked ?? await fulfil(hasAdmin ? chiefWishes : peopleWishes, told, terminal)
  const locale = answers.get('language') === 'en' ? 'en' : 'zh'
  const person = (who: 'chief' | 'admin') => {
    const name = answers.get(`${who}-name`) ?? ''
    return { name: { zh: name, en: answers.get(`${who}-name-en`) ?? name }, email: answers.get(`${who}-email`) ?? '', badgeNumber: answers.get(`${who}-badge`) ?? '', locale } as const
  }
  const links = await step('people', async (line) => {
    line.is(hasAdmin ? 'one invitation; the administrator is at work' : 'two invitations')
    return inviteFirstStaff(services, { stationId, chief: person('chief'), admin: hasAdmin ? undefined : person('admin') })
  })
  say(`
  Each opens its account with a link that works once, for seven days. The links go out by mail as soon as the station runs;
  here they are in case mail does not work yet. Hand each to its person only:
    chief          ${links.chief}${links.admin ? `\n    administrator  ${links.admin}` : ''}`)
}

function showKeys(keys: string, file: string) {
  say(`
  Master key, shown this once (it stands in ${file}):
    ${keys}
  Keep a copy on paper or in a safe, apart from the machine and from every backup of the database: without it no report can
  ever be opened again, with it and a copy of the database every report can.
`)
}

function inWords(error: unknown) {
  if (error instanceof SealError) return new Sentence('LINLI_MASTER_KEYS are not the keys that this database is sealed with: put those back, since without them none of its reports opens.', { cause: error })
  if (error instanceof AppError) return new Sentence(sentences[error.code] ?? `It was refused: ${error.code}.`, { cause: error })
  return error
}

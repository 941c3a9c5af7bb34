import { execFileSync, spawn } from 'node:child_process'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { readSettingsFile } from '../../scripts/bootstrap/settings-file.mjs'
import { startPortal, type Portal } from '../portal.ts'
import { openSmtpSink, type SmtpSink } from '../smtp-sink.ts'
import { badgesIn, demoMarks, everyRow, filesBelow, marksIn, openDatabaseOf } from './demo-marks.ts'
import { scratchFolder } from '../scratch.ts'
import { aStationPlace, hillStreet, runSetup, type StationPlace } from './station.ts'

const root = join(import.meta.dirname, '../..')
const publicUrl = 'https://linli.hill.example'
let place: StationPlace
let mail: SmtpSink
let first: Awaited<ReturnType<typeof runSetup>>

beforeAll(async () => {
  place = await aStationPlace(scratchFolder('station'))
  mail = await openSmtpSink()
  first = await runSetup(place, { ...hillStreet, 'public-url': publicUrl, 'smtp-url': mail.url, 'test-mail': 'technician@hill.example' })
})
afterAll(async () => {
  await mail.close()
})

const settings = () => readSettingsFile(place.settings) ?? {}

/** Starts what `npm start` starts, on free ports. */
function start(): Promise<Portal> {
  const { PORT: _port, SUPABASE_PORT: _api, LINLI_DATA_DIR: dataDir = '', ...env } = settings()
  return startPortal({ env, dataDir })
}

describe('npm run setup', () => {
  it('writes the settings for their owner alone, shows the master key once, the two links, and sends the test mail', () => {
    expect(first.code, first.output).toBe(0)
    expect(statSync(place.settings).mode & 0o777).toBe(0o600)
    expect(settings()).toEqual({
      LINLI_DEMO: '0', PUBLIC_URL: publicUrl, SMTP_URL: mail.url, TRUST_PROXY: '1', PORT: String(place.port), SUPABASE_PORT: String(place.supabasePort),
      LINLI_DATA_DIR: place.dataDir, LINLI_MASTER_KEYS: expect.stringMatching(/^k1:[\w+/]{43}=$/), VAPID_PRIVATE_KEY: expect.stringMatching(/^[\w-]{43}$/),
    })
    expect(first.output.split(settings().LINLI_MASTER_KEYS ?? '')).toHaveLength(2)
    expect(first.output).not.toContain(settings().VAPID_PRIVATE_KEY)
    expect(first.output.match(/https:\/\/linli\.hill\.example\/zh\/desk\/invitation\/[\w-]{43}/g)).toHaveLength(2)
    expect(mail.accepted.map(({ to }) => to)).toEqual(['technician@hill.example'])
    expect(first.output).toContain('There is no auditor yet')
  })

  it('marks the data folder as no demo before anything else is in it, and keeps the master key out of it', () => {
    const keys = readFileSync(join(place.dataDir, 'keys.json'), 'utf8')

    expect(JSON.parse(keys)).toMatchObject({ demo: false })
    expect(keys).not.toContain(settings().LINLI_MASTER_KEYS?.slice(3))
    expect(statSync(join(place.dataDir, 'keys.json')).mode & 0o777).toBe(0o600)
  })

  it('says the second time what stands, shows no secret again and changes nothing, unless asked', async () => {
    const written = readFileSync(place.settings, 'utf8')

    const second = await runSetup(place, { ...hillStreet, 'slug': 'other', 'station-name-en': 'Another Name', 'public-url': 'https://other.example' })

    expect(second.code, second.output).toBe(0)
    expect(second.output).toMatch(/PUBLIC_URL: as in .*--change would change that/)
    expect(second.output).toMatch(/山街派出所 · Hill Street Police Station/)
    expect(second.output).toMatch(/short name .* never changes/)
    expect(second.output).toMatch(/name of the station: as it stands/)
    expect(second.output).toMatch(/invited: chief 100001 until \d{4}-\d\d-\d\d, admin 100002/)
    expect(second.output).not.toMatch(/k1:|invitation\//)
    expect(readFileSync(place.settings, 'utf8')).toBe(written)

    const third = await runSetup(place, { 'station-name-en': 'Hill Street', 'mail-from': 'linli@hill.example', 'change': true, 'new-invitations': true, ...Object.fromEntries(Object.entries(hillStreet).filter(([flag]) => /^(chief|admin)/.test(flag))) })

    expect(third.output).toContain('山街派出所 · Hill Street')
    expect(third.output.match(/desk\/invitation\/[\w-]{43}/g)).toHaveLength(2)
    expect(settings()).toMatchObject({ MAIL_FROM: 'linli@hill.example', PUBLIC_URL: publicUrl })
  })

  it('refuses other master keys than those the station is sealed with, and settings that others could read', async () => {
    const written = readFileSync(place.settings, 'utf8')
    writeFileSync(place.settings, written.replace(/k1:.*/, `k1:${Buffer.alloc(32, 7).toString('base64')}`), { mode: 0o600 })
    expect((await runSetup(place, {})).sentence).toMatch(/^LINLI_MASTER_KEYS are not the keys that this database is sealed with/)

    writeFileSync(place.settings, written)
    execFileSync('chmod', ['644', place.settings])
    expect((await runSetup(place, {})).sentence).toMatch(/holds secrets and is open to other users/)
    execFileSync('chmod', ['600', place.settings])
  })
})

describe('npm start of a real station', () => {
  it('RULES F1: is refused where nobody has set one up', async () => {
    const nowhere = await aStationPlace(scratchFolder('station'))
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(root, 'scripts/serve.ts')], {
      env: { ...settings(), PATH: process.env.PATH, LINLI_DATA_DIR: nowhere.dataDir, PORT: String(nowhere.port), SUPABASE_PORT: String(nowhere.supabasePort) }, stdio: ['ignore', 'ignore', 'pipe'],
    })
    let output = ''
    child.stderr.on('data', (chunk: Buffer) => {
      output += chunk
    })
    const code = await new Promise(resolve => child.once('close', resolve))

    expect([code, output.trim()]).toEqual([1, `There is no station in ${nowhere.dataDir} yet; npm run setup makes one.`])
  })

  it('has no row, account, word or secret of the demo: whole database, data folder, answers, log', async () => {
    const portal = await start()
    const { sql, cluster, password } = openDatabaseOf(place.dataDir)
    try {
      const rows = await everyRow(sql)
      const keys = z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(join(place.dataDir, 'keys.json'), 'utf8')))
      const secrets = [password, settings().LINLI_MASTER_KEYS?.slice(3), settings().VAPID_PRIVATE_KEY, keys.secretKey, keys.publishableKey, keys.jwtSecret, keys.sendEmailHookSecret].map(String)

      // The database: what a station begins with, and nothing else.
      expect([...rows.keys()].filter(table => !begins.includes(table)), 'a table with rows that a fresh station should not have').toEqual([])
      expect(rows.get('public.stations')).toHaveLength(1)
      const everything = [...rows.values()].flat().join('\n')
      expect(marksIn(everything)).toEqual([])
      expect(secrets.filter(secret => everything.includes(secret))).toEqual([])

      // The folder, and the database's own files.
      expect(secrets.every(secret => secret.length >= 24) && new Set(secrets).size === secrets.length).toBe(true)
      for (const file of [...filesBelow(place.dataDir), ...filesBelow(cluster)]) {
        const bytes = readFileSync(file)
        expect([...demoMarks.filter(mark => bytes.includes(mark)), ...badgesIn(bytes.toString('latin1'))], file).toEqual([])
      }

      // What it answers, scripts and styles included.
      for (const path of addresses) {
        const answer = await fetch(portal.url + path)
        expect([path, answer.status]).toEqual([path, path.startsWith('/api/desk/') ? 404 : 200])
        const body = await answer.text()
        expect([path, marksIn(body)]).toEqual([path, []])
        expect([path, secrets.filter(secret => body.includes(secret))]).toEqual([path, []])
      }
      for (const file of filesBelow(join(root, '.output/public')).filter(name => /\.(js|css|html|json|txt)$/.test(name))) expect(marksIn(readFileSync(file, 'utf8')), file).toEqual([])

      // No account of the demo gets in, and what was written about all this names no secret.
      const signIn = await fetch(`${portal.url}/api/session`, { method: 'POST', headers: { 'content-type': 'application/json', 'origin': publicUrl }, body: JSON.stringify({ email: 'chief@demo.linli', password: 'linli-demo' }) })
      expect(signIn.status).toBe(401)
      expect(secrets.filter(secret => portal.output().includes(secret))).toEqual([])
      expect(marksIn(portal.output())).toEqual([])
    }
    finally {
      await sql.end()
      await portal.stop()
    }
  })

  it('would have found the demo, had it been there', () => {
    const demo = filesBelow(join(root, 'supabase/demo')).concat(join(root, 'shared/accounts/demo-accounts.ts')).map(file => readFileSync(file, 'utf8')).join('\n')

    expect(demoMarks.filter(mark => !demo.includes(mark)).length / demoMarks.length).toBeLessThan(0.1)
  })

  it('uses no secret that stands in this repository', () => {
    const secrets = [...Object.values(z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(join(place.dataDir, 'keys.json'), 'utf8')))).map(String), settings().LINLI_MASTER_KEYS?.slice(3) ?? ''].filter(secret => secret.length > 20 && !secret.startsWith('http'))
    const sources = ['server', 'shared', 'supabase', 'scripts', 'tests', 'docs', 'deploy', 'locales'].flatMap(folder => filesBelow(join(root, folder))).map(file => readFileSync(file, 'latin1')).join('\n')

    expect(secrets.length).toBeGreaterThanOrEqual(5)
    expect(secrets.filter(secret => sources.includes(secret))).toEqual([])
  })

  it('sends the two invitations by its own mail server', async () => {
    const portal = await start()
    for (let waited = 0; mail.accepted.length < 3 && waited < 20_000; waited += 200) await new Promise(resolve => setTimeout(resolve, 200))
    await portal.stop()

    expect(mail.accepted.map(({ to }) => to).sort()).toEqual(['qian@hill.example', 'technician@hill.example', 'zhao@hill.example'])
  })
})

/** Tables that hold rows when a station has been set up and runs. */
const begins = [
  'public.stations', 'public.categories', 'public.category_questions', 'public.response_templates', 'public.audit_log', 'public.outbox', 'public.calendar_days',
  'private.settings', 'private.server_keys', 'private.consent_texts', 'private.retention_rules', 'private.shipped_rows', 'private.staff_invitations', 'private.job_runs', 'private.rate_windows', 'private.bot_pace',
  'public.alert_events', 'public.alert_templates', 'public.shift_types', 'public.patrol_skills', 'private.checklist_items', 'private.points_rules', 'private.honours', 'private.articles', 'private.article_versions', 'private.article_texts',
  'private.tables_without_order', 'private.rating_rounds', 'private.rating_subjects', 'private.ballot_keys',
  'supabase_migrations.schema_migrations', 'supabase_migrations.seed_files',
]

const addresses = ['zh', 'en'].flatMap(locale => ['', '/reports/new', '/reports/track', '/communities', '/communities/figures', '/sign-in', '/sign-up', '/privacy', '/verify', '/accessibility', '/desk/sign-in', '/desk/mailbox', '/chat', '/safety', '/safety/dogs', '/alerts', '/alerts/subscribe', '/alerts/check', '/patrols', '/ratings', '/ratings/results'].map(path => `/${locale}${path}`))
  .concat('/api/categories', '/api/challenge', '/api/communities/figures', '/api/openapi.json', '/verify/keys.json', '/verify/roots.json', '/feeds/roots.atom', '/feeds/alerts.atom', '/healthz', '/readyz', '/.well-known/security.txt', '/api/desk/mailbox', '/api/patrols', '/api/patrols/terms')

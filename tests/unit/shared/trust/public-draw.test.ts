import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { drawListSchema, drawNumbers, listHash, type DrawList } from '#shared/trust/public-draw'

const folder = mkdtempSync(join(tmpdir(), 'linli-draw-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const root = 'ab'.repeat(32)
const aList = (more: Partial<DrawList> = {}): DrawList => ({ version: 1, kind: 'draw', occasion: 'survey-2026-12', community: 'ping-an', listedOn: '2026-11-29', rootOf: '2026-11-30', numbers: Array.from({ length: 40 }, (_, index) => index + 1), wanted: 5, ...more })
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

function rerun(draw: unknown, roots: unknown = { roots: [{ day: '2026-11-30', root }] }, lang = 'en_GB.UTF-8') {
  const file = (name: string, content: unknown) => {
    writeFileSync(join(folder, name), JSON.stringify(content))
    return join(folder, name)
  }
  const { status, stdout } = spawnSync(process.execPath, ['scripts/rerun-draw.mjs', file('draw.json', draw), file('roots.json', roots)], { encoding: 'utf8', env: { ...process.env, LC_ALL: lang } })
  return { code: status, lines: stdout.trimEnd().split('\n') }
}
const aDraw = async (list = aList()) => ({ list, listHash: await listHash(list), drawn: await drawNumbers(list, root) })

describe('who is invited', () => {
  it('is who comes first by the hash of list, root and number', async () => {
    const list = aList({ numbers: [3, 7, 11], wanted: 2 })
    const fixed = sha256('linli-draw-1\nsurvey-2026-12\nping-an\n2026-11-29\n2026-11-30\n2\n3\n7\n11')
    const first = [3, 7, 11].toSorted((a, b) => sha256(`${fixed}\n${root}\n${a}`) < sha256(`${fixed}\n${root}\n${b}`) ? -1 : 1).slice(0, 2)

    expect(await listHash(list)).toBe(fixed)
    expect(await drawNumbers(list, root)).toEqual(first.toSorted((a, b) => a - b))
  })

  it('is everybody when more are wanted than there are', async () => {
    expect(await drawNumbers(aList({ numbers: [3, 7], wanted: 9 }), root)).toEqual([3, 7])
  })

  it('another root, list, day or number of invitations draws others', async () => {
    const drawn = async (list: DrawList, of = root) => JSON.stringify(await drawNumbers(list, of))
    const one = await drawn(aList())

    expect(await drawn(aList())).toBe(one)
    for (const other of [drawn(aList(), 'cd'.repeat(32)), drawn(aList({ community: 'chang-le' })), drawn(aList({ occasion: 'survey-2027-01' })), drawn(aList({ listedOn: '2026-11-28' })), drawn(aList({ numbers: [...aList().numbers, 41] }))]) expect(await other).not.toBe(one)
  })

  it('is fair: over 2,000 roots each of twenty numbers is drawn about as often', async () => {
    const list = aList({ numbers: Array.from({ length: 20 }, (_, index) => index + 1), wanted: 5 })
    const times = new Map<number, number>()
    for (let day = 0; day < 2000; day++) for (const number of await drawNumbers(list, sha256(String(day)))) times.set(number, (times.get(number) ?? 0) + 1)
    // Expected 500 each. The roots are fixed, so this is the same on every run; 43.8 is the point that chi-squared of 19 passes once in a thousand.
    const chiSquared = [...times.values()].reduce((sum, count) => sum + (count - 500) ** 2 / 500, 0)

    expect(times.size).toBe(20)
    expect(chiSquared).toBeLessThan(43.8)
  })

  it.each<[string, object]>([
    ['a number that stands twice', { numbers: [1, 1, 2] }], ['numbers out of order', { numbers: [2, 1] }], ['a root of the day of the list, which the station might have seen', { rootOf: '2026-11-29' }],
    ['nobody to be drawn', { wanted: 0 }], ['an empty list', { numbers: [] }],
  ])('no list with %s', (_, more) => {
    expect(drawListSchema.safeParse(aList(more)).success).toBe(false)
    expect(drawListSchema.safeParse(aList()).success).toBe(true)
  })
})

describe('the program that draws again', () => {
  it('comes to the same numbers, in both languages', async () => {
    const draw = await aDraw()
    const { code, lines } = rerun(draw)

    expect(code).toBe(0)
    expect(lines.every(each => each.startsWith('right'))).toBe(true)
    expect(lines[2]).toContain(draw.drawn.join(', '))
    expect(rerun(draw, undefined, 'zh_CN.UTF-8').lines[2]).toContain('重新抽取')
  })

  it.each<[string, (draw: Awaited<ReturnType<typeof aDraw>>) => unknown, number]>([
    ['another number put in among the drawn', draw => ({ ...draw, drawn: [...draw.drawn.slice(1), 99] }), 2],
    ['a number put on the list later', draw => ({ ...draw, list: { ...draw.list, numbers: [...draw.list.numbers, 41] } }), 1],
    ['another number of invitations', draw => ({ ...draw, list: { ...draw.list, wanted: 6 } }), 1],
    ['a list of the same day', draw => ({ ...draw, list: { ...draw.list, listedOn: '2026-11-30' } }), 0],
  ])('finds %s', async (_, change, line) => {
    const { code, lines } = rerun(change(await aDraw()))

    expect(code).toBe(1)
    expect(lines[line]).toMatch(/^WRONG/)
  })

  it('says when it cannot tell: no root of that day, or no file that it can read', async () => {
    expect(rerun(await aDraw(), { roots: [] })).toMatchObject({ code: 2, lines: [expect.any(String), expect.any(String), expect.stringMatching(/^not checked/)] })
    expect(rerun({}).code).toBe(2)
  })
})

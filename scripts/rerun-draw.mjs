#!/usr/bin/env node
// Draws again who is invited, without the station: node rerun-draw.mjs DRAW ROOTS
//   DRAW   the published draw (JSON): the list of code numbers as it was fixed, its hash, and the numbers drawn
//   ROOTS  a copy of /verify/roots.json, best from somebody else; verify-receipt.mjs checks that the station signed it
// It speaks zh or en, by LANG. Node 20 or newer, nothing to install, no network. Ends with 0 when the draw is right, 1 when it is not, 2 when it cannot tell.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** @param {string} text */
const sha256 = text => createHash('sha256').update(text).digest('hex')

const words = {
  en: {
    right: 'right       ', wrong: 'WRONG       ', open: 'not checked ',
    /** @param {any} list */
    order: list => `The list was fixed on ${list.listedOn}, before ${list.rootOf}, whose root decided; each number stands on it once.`,
    /** @param {any} draw */
    fixed: draw => `The hash of the list is ${draw.listHash}. Compare it with the one that was published on that day.`,
    /** @param {any} list @param {number[]} drawn */
    drawn: (list, drawn) => `Drawn again: ${drawn.length} of ${list.numbers.length} numbers: ${drawn.join(', ')}.`,
    /** @param {any} list */
    noRoot: list => `Whether the right ones were drawn: your copy of the roots has none for ${list.rootOf}.`,
    usage: 'Usage: node rerun-draw.mjs DRAW ROOTS', unreadable: 'This could not be read:',
  },
  zh: {
    right: '无误　', wrong: '有误　', open: '未核对',
    /** @param {any} list */
    order: list => `号码名单在 ${list.listedOn} 定下，早于 ${list.rootOf}；结果由那一天的根值决定，每个号码只出现一次。`,
    /** @param {any} draw */
    fixed: draw => `名单的哈希值是 ${draw.listHash}，请与当天公布的对照。`,
    /** @param {any} list @param {number[]} drawn */
    drawn: (list, drawn) => `重新抽取：${list.numbers.length} 个号码中抽 ${drawn.length} 个：${drawn.join('、')}。`,
    /** @param {any} list */
    noRoot: list => `抽得对不对：您留存的根值文件里没有 ${list.rootOf} 的根值。`,
    usage: '用法：node rerun-draw.mjs 抽取结果 roots.json', unreadable: '读不出来：',
  },
}
const say = words[/^zh/i.test(process.env.LC_ALL ?? process.env.LC_MESSAGES ?? process.env.LANG ?? '') ? 'zh' : 'en']

/**
 * What was checked, one line each; `isRight` is undefined where the files do not tell.
 * @param {any} draw @param {any} rootsFile
 * @returns {{ isRight: boolean | undefined, says: string }[]}
 */
function check(draw, rootsFile) {
  const { list } = draw
  /** @type {number[]} */
  const numbers = list.numbers
  const fixed = sha256(['linli-draw-1', list.occasion, list.community, list.listedOn, list.rootOf, list.wanted, ...numbers].join('\n'))
  const rises = numbers.every((each, index) => Number.isInteger(each) && (index === 0 || each > (numbers[index - 1] ?? 0)))
  const lines = [{ isRight: rises && list.listedOn < list.rootOf, says: say.order(list) }, { isRight: fixed === draw.listHash, says: say.fixed(draw) }]
  const found = rootsFile.roots.find((/** @type {{ day: string }} */ { day }) => day === list.rootOf)
  if (!found) return [...lines, { isRight: undefined, says: say.noRoot(list) }]
  const drawn = numbers.map(number => ({ number, place: sha256(`${fixed}\n${found.root}\n${number}`) })).sort((a, b) => a.place < b.place ? -1 : 1).slice(0, list.wanted).map(({ number }) => number).sort((a, b) => a - b)
  return [...lines, { isRight: JSON.stringify(drawn) === JSON.stringify(draw.drawn), says: say.drawn(list, drawn) }]
}

const [file, roots] = process.argv.slice(2)
if (!file || !roots) {
  console.error(say.usage)
  process.exitCode = 2
}
else {
  try {
    const lines = check(JSON.parse(readFileSync(file, 'utf8')), JSON.parse(readFileSync(roots, 'utf8')))
    for (const { isRight, says } of lines) console.log(`${isRight === undefined ? say.open : isRight ? say.right : say.wrong} ${says}`)
    process.exitCode = lines.some(({ isRight }) => isRight === false) ? 1 : lines.some(({ isRight }) => isRight === undefined) ? 2 : 0
  }
  catch (error) {
    console.error(`${say.unreadable} ${error instanceof Error ? error.message : error}`)
    process.exitCode = 2
  }
}

import { expect, it } from 'vitest'
import { readAmount } from '#server/chat/slots/read-amount'

it.each([
  ['2800', 2800], ['2,800元', 2800], ['大概2800块', 2800], ['２８００', 2800], ['3万', 30_000], ['1.5万', 15_000], ['2.5k', 2500], ['about 300 yuan', 300], ['12,50', 12.5],
  ['两千八百块吧', 2800], ['两千八', 2800], ['三百五', 350], ['三百零五', 305], ['十五', 15], ['二十', 20], ['一百', 100], ['一万二', 12_000], ['一万零二百', 10_200], ['三万五千', 35_000], ['五块钱', 5],
])('%s is %d', (text, amount) => {
  expect(readAmount(text)).toBe(amount)
})

it.each(['绿源牌的', '', '不知道', 'no idea'])('%j holds no amount', (text) => {
  expect(readAmount(text)).toBeUndefined()
})

import { describe, expect, it } from 'vitest'
import { emergencySentences } from '../../../chat/emergency-sentences.ts'
import { bars, evaluate, evaluateEmergencies, shippedFinder } from '../../../chat/evaluate.ts'

const finder = await shippedFinder()

describe.each(['zh', 'en'] as const)('on questions that it was not tuned on, in %s, the assistant', (locale) => {
  it.each(['test', 'fresh'] as const)('finds the right article, and hands over what no article answers (%s)', async (part) => {
    const { top1, top3, unknown } = await evaluate(finder, locale, part)

    expect(top1, 'the right article first').toBeGreaterThanOrEqual(bars.top1)
    expect(top3, 'the right article among the first three').toBeGreaterThanOrEqual(bars.top3)
    expect(unknown, 'unknown questions not answered with an article').toBeGreaterThanOrEqual(bars.unknown)
  }, 60_000)

  it('hears dangers, and little else', () => {
    const { recall, falseAlarms } = evaluateEmergencies(emergencySentences[locale])

    expect(recall).toBeGreaterThanOrEqual(bars.emergencyRecall)
    expect(falseAlarms).toBeLessThanOrEqual(bars.falseAlarms)
  })
})

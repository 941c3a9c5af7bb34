import { describe, expect, it } from 'vitest'
import { findingsOf, roundFormSchema } from '#shared/patrols/round-pages'

const report = (changes: Record<string, unknown> = {}) => roundFormSchema.safeParse({ act: 'report', routeWalked: 'yes', summary: '', ...changes })
const wrong = (changes: Record<string, unknown>) => report(changes).error?.issues.map(({ path, message }) => [path.join('.'), message])

describe('the form of a patrol\'s report', () => {
  it('takes the findings that were filled in, in their order, and leaves empty ones out', () => {
    const sent = report({ category1: 'noise_dispute', text1: ' 路灯不亮 ', category2: '', text2: '', category10: 'fire_lane', text10: '堵了' })

    expect(findingsOf(sent.data ?? {})).toEqual([{ category: 'noise_dispute', text: '路灯不亮' }, { category: 'fire_lane', text: '堵了' }])
  })

  it('says what is missing at the finding it is missing from', () => {
    expect(wrong({ text3: '有人堵门' })).toEqual([['category3', 'choose']])
    expect(wrong({ category2: 'noise_dispute' })).toEqual([['text2', 'required']])
    expect(wrong({ category1: 'noise_dispute', text1: 'x'.repeat(20_001) })).toEqual([['text1', 'textMax']])
    expect(wrong({ routeWalked: undefined })).toEqual([['routeWalked', 'choose']])
  })

  it('of a checklist without a tick is one with nothing met', () => {
    expect(roundFormSchema.parse({ act: 'checklist' })).toEqual({ act: 'checklist', items: [] })
  })
})

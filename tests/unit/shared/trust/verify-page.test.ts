import { expect, it } from 'vitest'
import { verdictOf } from '#shared/trust/verify-page'

it.each([
  ['ours', 'same', 'good'], ['ours', 'no_nonce', 'goodAsFar'], ['ours', 'erased', 'goodAsFar'], ['ours', null, 'goodAsFar'], ['ours', 'changed', 'bad'], ['ours', 'missing', 'bad'], ['not_ours', null, 'bad'], ['not_ours', 'same', 'bad'],
] as const)('signature %s, text %s: %s; a text that was not compared is never "in order"', (signature, content, verdict) => {
  expect(verdictOf({ signature, content })).toBe(verdict)
})

import { expect, it } from 'vitest'
import { initialsOf } from '#shared/patrols/certificate'

it.each([
  ['王明', '王某'], ['李建国', '李某某'], ['欧阳建国', '欧阳某某'], [' 李建国 ', '李某某'], ['Anna Berg', 'A. B.'], ['anna maria berg', 'A. M. B.'], ['阿依古丽·买买提', '阿. 买.'], ['Cher', 'C.'], ['王', '王.'],
])('%s stands on a certificate as %s', (name, initials) => {
  expect(initialsOf(name)).toBe(initials)
})

import { describe, expect, it } from 'vitest'
import { changedAreas, changedFields } from '#shared/communities/changed-fields'

describe('what a change of a setting did', () => {
  it('is told leaf by leaf, questions by their code', () => {
    const before = { name: { zh: '噪音', en: 'Noise' }, urgency: 'normal', questions: [{ code: 'source', label: { zh: '哪里', en: 'Where' }, is_required: false }, { code: 'hours', label: { zh: '几点', en: 'When' }, is_required: true }] }
    const after = { name: { zh: '噪音', en: 'Noise at night' }, urgency: 'urgent', questions: [{ code: 'source', label: { zh: '哪里', en: 'Where from' }, is_required: false }] }

    expect(changedFields(before, after)).toEqual([
      { field: 'name', part: 'en', before: 'Noise', after: 'Noise at night' }, { field: 'urgency', part: '', before: 'normal', after: 'urgent' },
      { field: 'questions', part: 'source · label · en', before: 'Where', after: 'Where from' },
      { field: 'questions', part: 'hours · label · zh', before: '几点', after: '' }, { field: 'questions', part: 'hours · label · en', before: 'When', after: '' }, { field: 'questions', part: 'hours · is_required', before: 'true', after: '' },
    ])
  })

  it('of something new, or taken away, tells all of it', () => {
    expect(changedFields(null, { phone: '110', lat: null })).toEqual([{ field: 'phone', part: '', before: '', after: '110' }])
    expect(changedFields({ phone: '110' }, null)).toEqual([{ field: 'phone', part: '', before: '110', after: '' }])
  })

  it('of the map is told by its communities and grids', () => {
    const state = (...grids: [code: string, shape: string][]) => ({ communities: [{ slug: 'dong-men', name: { zh: '东门', en: 'East Gate' }, shape: 'a', grids: grids.map(([code, shape]) => ({ code, shape, name: { zh: code, en: code } })) }] })

    expect(changedAreas(state(['DM-01', 'x'], ['DM-02', 'y']), state(['DM-01', 'z'], ['DM-03', 'y']))).toEqual({ added: ['DM-03'], removed: ['DM-02'], changed: ['DM-01'] })
    expect(changedAreas(null, state(['DM-01', 'x'])).added).toEqual(['dong-men', 'DM-01'])
  })
})

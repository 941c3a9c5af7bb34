import { describe, expect, it } from 'vitest'
import { compareColours, isUrgentColour, levelOfColour, longestHoursOf, proposeWords } from '#shared/alerts/alert-colours'
import { alertColours, alertKinds, certainties, severities, urgencies } from '#shared/alerts/alert-words'
import { shownHeadline, shownText } from '#shared/alerts/headline'

describe('colours', () => {
  it('propose what CAP says for the level, never "Unknown"', () => {
    expect(alertColours.map(colour => proposeWords('warning', colour).severity)).toEqual(['Minor', 'Moderate', 'Severe', 'Extreme'])
    expect(alertColours.map(colour => proposeWords('warning', colour).urgency)).toEqual(['Future', 'Expected', 'Expected', 'Immediate'])
    for (const kind of alertKinds) {
      for (const { urgency, severity, certainty } of [proposeWords(kind, null), proposeWords(kind, 'red')]) {
        expect([urgencies.includes(urgency), severities.includes(severity), certainties.includes(certainty)]).toEqual([true, true, true])
        expect([urgency, severity, certainty]).not.toContain('Unknown')
      }
    }
    expect(proposeWords('solved', null)).toEqual({ urgency: 'Past', severity: 'Minor', certainty: 'Observed' })
  })

  it('rise from blue, level IV, to red, level I', () => {
    expect([...alertColours, null].toSorted(compareColours)).toEqual([null, 'blue', 'yellow', 'orange', 'red'])
    expect(alertColours.map(colour => levelOfColour[colour])).toEqual(['IV', 'III', 'II', 'I'])
  })

  it('orange and red hold 72 hours at most, everything else 30 days', () => {
    expect([...alertColours, null].map(colour => [isUrgentColour(colour), longestHoursOf(colour)])).toEqual([[false, 720], [false, 720], [true, 72], [true, 72], [false, 720]])
  })
})

describe('a headline', () => {
  const alert = { texts: { zh: { headline: '停电', description: '今晚停电', instruction: null } } }

  it('is shown in Chinese where the reader\'s language is missing, and says so', () => {
    expect(shownText(alert, 'en')).toEqual({ text: alert.texts.zh, locale: 'zh' })
  })

  it('of a drill begins with that word, in the language of the text', () => {
    const both = { texts: { ...alert.texts, en: { headline: 'Power cut', description: 'Tonight', instruction: null } } }

    expect(shownHeadline({ ...both, isExercise: true }, 'en')).toBe('EXERCISE: Power cut')
    expect(shownHeadline({ ...alert, isExercise: true }, 'en')).toBe('【演练】停电')
    expect(shownHeadline({ ...both, isExercise: false }, 'en')).toBe('Power cut')
  })
})

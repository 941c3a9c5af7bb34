import { data, language, remove } from './accounts.ts'
import { needHelp } from './alert-answers.ts'
import { alerts, alertsNear, alertWishes, check } from './alerts.ts'
import { exit, help, person, rate } from './chat.ts'
import { officer } from './communities.ts'
import type { Intent } from './intent.ts'
import { ask } from './knowledge.ts'
import { patrolPoints, rollCall } from './patrol-night.ts'
import { openShifts, patrols } from './patrols.ts'
import { rateOfficer, ratingResults } from './ratings.ts'
import { message, report, track, withdraw } from './reports.ts'
import { answer } from './revisits.ts'
import { surveyFindings, takeSurvey } from './surveys.ts'

/** All that residents can ask of the assistant. A new noun adds its intents here. */
export const intents: readonly Intent[] = [report, track, message, withdraw, answer, alerts, alertsNear, alertWishes, needHelp, check, patrols, openShifts, rollCall, patrolPoints, rateOfficer, ratingResults, takeSurvey, surveyFindings, officer, ask, language, data, remove, person, rate, exit, help]

/** The intent of a name. */
export const intentNamed = (name: string): Intent | undefined => intents.find(intent => intent.name === name)

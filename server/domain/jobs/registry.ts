import { finishErasures, foreseeErasures } from '../accounts/erase-account.ts'
import { expandAlerts, foreseeExpansions } from '../alerts/expand-alerts.ts'
import { foreseeRetainedAlerts, retainAlerts } from '../alerts/retain-alerts.ts'
import { climbThreads, foreseeClimbedThreads, foreseeRetainedThreads, retainThreads } from '../chat/desk-threads.ts'
import { foreseeChats, purgeChats } from '../chat/purge-chats.ts'
import { foreseeBotSweep, sweepBot } from '../chat/sweep-bot.ts'
import { foreseeReleases, releaseFigures } from '../communities/release-figures.ts'
import { foreseePurgedMessages, purgeMessages } from '../messages/purge-messages.ts'
import { advancePatrols, foreseePatrols } from '../patrols/advance-patrols.ts'
import { advancePoints, foreseePoints } from '../patrols/points.ts'
import { advanceRewards, foreseeRewards } from '../patrols/rewards.ts'
import { foreseeRetainedPatrols, retainPatrols } from '../patrols/retain-patrols.ts'
import { advanceRatings, foreseeRatings, foreseeShuffle, shuffleBallots } from '../ratings/advance-ratings.ts'
import { foreseeRetainedRatings, retainRatings } from '../ratings/retain-ratings.ts'
import { foreseeReleasedRatings, releaseRatings } from '../ratings/release-ratings.ts'
import { advanceSurveys, foreseeAdvancedSurveys, foreseeReleasedSurveys, releaseSurveys } from '../surveys/advance-surveys.ts'
import { foreseeRetainedSurveys, retainSurveys } from '../surveys/retain-surveys.ts'
import { climbReports, foreseeClimbs } from '../reports/climb-reports.ts'
import { foreseeExpiredRows, purgeExpiredRows } from '../reports/purge-expired.ts'
import { foreseeRetained, retainReports } from '../reports/retain-reports.ts'
import { foreseeSweptFiles, sweepFiles } from '../reports/sweep-files.ts'
import { advanceRevisits, foreseeRevisits } from '../revisits/advance-revisits.ts'
import { fillCalendar } from '../revisits/keep-calendar.ts'
import { foreseeRetainedDuty, retainDuty } from '../staff/retain-duty.ts'
import { foreseeRetainedPeople, retainPeople } from '../staff/retain-people.ts'
import { foreseeRoots, publishRoots } from '../trust/publish-roots.ts'
import { foreseeSealed, sealRows } from '../trust/seal-rows.ts'
import type { Job } from './job.ts'

const minutes = 60
const day = 24 * 3600

/** Every job of the station, in the order of a run by hand. */
export const jobs: readonly Job[] = [
  { name: 'alerts:expand', everySeconds: minutes, run: services => expandAlerts(services), foresee: foreseeExpansions },
  { name: 'reports:climb', everySeconds: minutes, run: climbReports, foresee: foreseeClimbs },
  { name: 'patrols:advance', everySeconds: minutes, run: advancePatrols, foresee: foreseePatrols },
  { name: 'chat:climb', everySeconds: minutes, run: climbThreads, foresee: foreseeClimbedThreads },
  { name: 'revisits:advance', everySeconds: minutes, run: advanceRevisits, foresee: foreseeRevisits },
  { name: 'revisits:calendar', everySeconds: day, run: services => fillCalendar(services), foresee: services => fillCalendar(services, { isDry: true }) },
  { name: 'communities:release', everySeconds: 10 * minutes, run: releaseFigures, foresee: foreseeReleases },
  { name: 'trust:seal', everySeconds: minutes, run: async services => ({ ...await sealRows(services) }), foresee: foreseeSealed },
  { name: 'trust:roots', everySeconds: 10 * minutes, run: async services => ({ ...await publishRoots(services) }), foresee: foreseeRoots },
  { name: 'accounts:erase', everySeconds: 10 * minutes, run: finishErasures, foresee: foreseeErasures },
  { name: 'reports:purge', everySeconds: 10 * minutes, run: async services => ({ ...await purgeExpiredRows(services) }), foresee: foreseeExpiredRows },
  { name: 'reports:retain', everySeconds: day, run: retainReports, foresee: foreseeRetained },
  { name: 'reports:sweep', everySeconds: day, run: async services => ({ ...await sweepFiles(services) }), foresee: async services => ({ ...await foreseeSweptFiles(services) }) },
  {
    name: 'staff:retain', everySeconds: day,
    run: async services => ({ ...await retainDuty(services), ...await retainPeople(services) }),
    foresee: async services => ({ ...await foreseeRetainedDuty(services), ...await foreseeRetainedPeople(services) }),
  },
  { name: 'chat:retain', everySeconds: 10 * minutes, run: retainThreads, foresee: foreseeRetainedThreads },
  { name: 'chat:sweep', everySeconds: 60 * minutes, run: sweepBot, foresee: foreseeBotSweep },
  { name: 'chat:purge', everySeconds: 10 * minutes, run: purgeChats, foresee: foreseeChats },
  { name: 'alerts:retain', everySeconds: day, run: retainAlerts, foresee: foreseeRetainedAlerts },
  { name: 'ratings:advance', everySeconds: 10 * minutes, run: advanceRatings, foresee: foreseeRatings },
  { name: 'ratings:release', everySeconds: 10 * minutes, run: releaseRatings, foresee: foreseeReleasedRatings },
  { name: 'surveys:advance', everySeconds: 10 * minutes, run: advanceSurveys, foresee: foreseeAdvancedSurveys },
  { name: 'surveys:release', everySeconds: 10 * minutes, run: releaseSurveys, foresee: foreseeReleasedSurveys },
  { name: 'surveys:retain', everySeconds: day, run: retainSurveys, foresee: foreseeRetainedSurveys },
  { name: 'ratings:retain', everySeconds: day, run: retainRatings, foresee: foreseeRetainedRatings },
  { name: 'ratings:shuffle', everySeconds: day, run: shuffleBallots, foresee: foreseeShuffle },
  { name: 'patrols:pay', everySeconds: 10 * minutes, run: advancePoints, foresee: foreseePoints },
  { name: 'patrols:rewards', everySeconds: 60 * minutes, run: advanceRewards, foresee: foreseeRewards },
  { name: 'patrols:retain', everySeconds: day, run: retainPatrols, foresee: foreseeRetainedPatrols },
  { name: 'messages:purge', everySeconds: day, run: purgeMessages, foresee: foreseePurgedMessages },
]

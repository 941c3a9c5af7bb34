import { accountOperations } from './operations/accounts.ts'
import { alertOperations } from './operations/alerts.ts'
import { chatOperations } from './operations/chat.ts'
import { communityOperations } from './operations/communities.ts'
import { deskOperations } from './operations/desk.ts'
import { intakeOperations } from './operations/intake.ts'
import { knowledgeOperations } from './operations/knowledge.ts'
import { messageOperations } from './operations/messages.ts'
import { patrolCertificateOperations } from './operations/patrol-certificates.ts'
import { ratingOperations } from './operations/ratings.ts'
import { surveyOperations } from './operations/surveys.ts'
import { patrolPlanOperations } from './operations/patrol-plan.ts'
import { patrolNightOperations } from './operations/patrol-nights.ts'
import { patrolPointsOperations } from './operations/patrol-points.ts'
import { patrolRoundOperations } from './operations/patrol-rounds.ts'
import { patrolOperations } from './operations/patrols.ts'
import { patrolRewardOperations } from './operations/patrol-rewards.ts'
import { peopleOperations } from './operations/people.ts'
import { reportOperations } from './operations/reports.ts'
import { revisitOperations } from './operations/revisits.ts'
import { settingOperations } from './operations/settings.ts'
import { dutyOperations } from './operations/staff-duty.ts'
import { staffOperations } from './operations/staff.ts'
import { threadOperations } from './operations/threads.ts'
import { trustOperations } from './operations/trust.ts'

/** Every call below server/api; a test holds the folder against this list. */
export const operations = [
  ...reportOperations, ...revisitOperations, ...trustOperations, ...accountOperations, ...deskOperations, ...peopleOperations, ...dutyOperations, ...intakeOperations, ...messageOperations, ...communityOperations,
  ...settingOperations, ...staffOperations, ...knowledgeOperations, ...threadOperations, ...chatOperations, ...alertOperations,
  ...patrolOperations,
  ...patrolNightOperations,
  ...patrolPointsOperations,
  ...patrolRoundOperations,
  ...patrolPlanOperations,
  ...ratingOperations,
  ...surveyOperations,
  ...patrolCertificateOperations, ...patrolRewardOperations,
]

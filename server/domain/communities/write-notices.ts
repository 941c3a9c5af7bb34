import { AppError } from '#shared/errors'
import { deskNoticeQueries, type NoticeRow } from '#server/db/notices'
import type { DecideNotice, Notice, SaveNotice } from '#shared/communities/case-notice'
import { findPersonalData } from '#shared/trust/personal-data'
import type { Actor } from '../accounts/actor.ts'
import type { Services } from '../services.ts'

/** Notices of cases that the caller sees, newest first. @throws AppError forbidden */
export async function listNotices({ clients }: Services, actor: Actor, filter: { reference?: string | undefined }): Promise<Notice[]> {
  const { notices } = await deskNoticeQueries(clients, actor).list(filter.reference === undefined ? {} : { reference: filter.reference })
  return notices.map(toNotice)
}

/**
 * Writes or changes the notice of a solved case; a change takes it off the page.
 * @throws AppError personal_data_found unless somebody confirmed that they looked, not_found, status_order
 */
export async function saveNotice({ clients }: Services, actor: Actor, { isChecked, ...notice }: SaveNotice): Promise<Notice> {
  const texts = [notice.title, notice.body].flatMap(({ zh, en }) => [zh, en])
  if (!isChecked && texts.some(text => findPersonalData(text).length > 0)) throw new AppError('personal_data_found')
  return toNotice((await deskNoticeQueries(clients, actor).save(notice)).notice)
}

/** Publishes (a second person, after the reporter heard) or withdraws. @throws AppError second_person_required, reporter_not_told, conflict, forbidden, not_found */
export async function decideNotice({ clients }: Services, actor: Actor, id: string, decision: DecideNotice): Promise<Notice> {
  return toNotice((await deskNoticeQueries(clients, actor).decide(id, decision)).notice)
}

function toNotice({ community_id, edited_at, edited_by, published_at, published_by, withdrawn_at, is_reporter_told, may_edit, may_publish, may_withdraw, ...notice }: NoticeRow): Notice {
  return {
    ...notice, communityId: community_id, editedAt: edited_at, editedBy: edited_by, publishedAt: published_at, publishedBy: published_by, withdrawnAt: withdrawn_at,
    isReporterTold: is_reporter_told, mayEdit: may_edit, mayPublish: may_publish, mayWithdraw: may_withdraw,
  }
}

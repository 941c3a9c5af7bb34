import type { PublishedAlert } from '#shared/alerts/published-alert'
import { deskAlertQueries } from '#server/db/alerts'
import type { DeskActor } from '#server/db/desk-reports'
import type { Services } from '../services.ts'

/** A draft as it would be if it were published now: what every channel's writer takes. It is not signed. @throws AppError not_found, alert_incomplete */
export async function previewAlert({ clients }: Services, actor: DeskActor, identifier: string): Promise<PublishedAlert> {
  const { content, chain, chain_sent: chainSent, follows, community_ids: communityIds, grid_ids: gridIds } = await deskAlertQueries(clients, actor).preview(identifier)
  const { sent, references } = content
  return {
    ...content, chain, chainSent, follows, endedBy: null, communityIds, gridIds,
    statement: { version: 1, type: 'alert', identifier, sent, contentHash: '', references, keyId: '', signature: '' },
  }
}

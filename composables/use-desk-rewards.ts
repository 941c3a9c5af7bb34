import { z } from 'zod'
import { deskCertificatesSchema, type DeskCertificates } from '#shared/patrols/certificate'
import { deskRewardsSchema, handedOutSchema, offeredTipRewardSchema, paidTipRewardSchema, savedRewardSchema, tipRewardsSchema, tipRewardStateSchema, type DeskRewards, type EndOrder, type OfferTipReward, type SaveReward, type TipRewards } from '#shared/patrols/reward-schema'
import { DeskProblem, useDeskApi } from '~/composables/use-desk-api'
import { useDeskToasts } from '~/composables/use-desk-toasts'

/** Rewards, rewards for tips and certificates at the desk. Those for tips and certificates are read by lead and chief. */
export function useDeskRewards(mayDecide: () => boolean) {
  const { t } = useI18n()
  const api = useDeskApi()
  const { done, failed } = useDeskToasts()
  const rewards = shallowRef<DeskRewards>()
  const tips = shallowRef<TipRewards>()
  const certificates = shallowRef<DeskCertificates>()
  const problem = ref<DeskProblem>()

  async function load() {
    try {
      rewards.value = await api.get('desk/patrols/rewards', deskRewardsSchema)
      if (mayDecide()) [tips.value, certificates.value] = await Promise.all([api.get('desk/patrols/tip-rewards', tipRewardsSchema), api.get('desk/patrols/certificates', deskCertificatesSchema)])
      problem.value = undefined
    }
    catch (error) {
      if (!(error instanceof DeskProblem)) throw error
      problem.value = error
    }
  }

  /** → whether it was done */
  async function act(work: () => Promise<string>): Promise<boolean> {
    try {
      done(await work())
      return true
    }
    catch (error) {
      failed(error)
      return false
    }
    finally {
      await load()
    }
  }
  const saved = t('patrols.rewards.desk.saved')

  return {
    rewards, tips, certificates, problem, load,
    save: (reward: SaveReward, id?: string) => act(async () => {
      await api.post(`desk/patrols/rewards${id ? `/${id}` : ''}`, reward, savedRewardSchema)
      return saved
    }),
    handOut: (code: string) => act(async () => {
      await api.post('desk/patrols/orders/hand-out', { code }, handedOutSchema)
      return t('patrols.rewards.desk.handedOut')
    }),
    end: (id: string, change: EndOrder) => act(async () => {
      await api.post(`desk/patrols/orders/${id}/end`, change, handedOutSchema)
      return saved
    }),
    offer: (offer: OfferTipReward) => act(async () => {
      await api.post('desk/patrols/tip-rewards', offer, offeredTipRewardSchema)
      return saved
    }),
    decide: (id: string, approve: boolean) => act(async () => {
      await api.post(`desk/patrols/tip-rewards/${id}/decide`, { approve }, tipRewardStateSchema)
      return saved
    }),
    pay: (code: string) => act(async () => t('patrols.rewards.desk.paid', { yuan: (await api.post('desk/patrols/tip-rewards/pay', { code }, paidTipRewardSchema)).yuan })),
    revoke: (number: string, reason: string) => act(async () => {
      await api.post(`desk/patrols/certificates/${number}/revoke`, { reason }, z.unknown())
      return t('patrols.rewards.desk.done')
    }),
  }
}

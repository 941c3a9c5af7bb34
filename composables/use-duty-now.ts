import { dutyNowSchema, type DutyNow } from '#shared/staff/duty-schema'
import { useDesk } from '~/composables/use-desk'
import { DeskProblem, useDeskApi } from '~/composables/use-desk-api'

/** Who is on duty now. One state for the inbox and the roster; loaded when a page that shows it is opened. */
export function useDutyNow() {
  const api = useDeskApi()
  const { profile } = useDesk()
  const duty = useState<DutyNow | null>('desk.duty', () => null)

  async function load() {
    try {
      duty.value = await api.get('desk/staff/duty/now', dutyNowSchema)
    }
    catch (error) {
      // Without it the page goes on; what it is about says itself what is wrong with the connection.
      if (!(error instanceof DeskProblem)) throw error
    }
  }
  onMounted(() => watch(() => profile.value?.userId, someone => someone && load(), { immediate: true }))

  return { duty, load }
}

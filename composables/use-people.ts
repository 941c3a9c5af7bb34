import { peopleSchema, type People } from '#shared/staff/people-schema'
import { useDesk } from '~/composables/use-desk'
import { DeskProblem, useDeskApi } from '~/composables/use-desk-api'
import { useDeskToasts } from '~/composables/use-desk-toasts'

/** The people of the station, and what is done with them; after each act the list is read again. */
export function usePeople() {
  const api = useDeskApi()
  const { colleagues } = useDesk()
  const { done, failed } = useDeskToasts()
  const people = useState<People | null>('desk.people', () => null)
  const problem = ref<DeskProblem>()

  async function load() {
    try {
      const read = await api.get('desk/staff/people', peopleSchema)
      people.value = read
      colleagues.value = read.people.map(({ id: userId, role, name, badgeNumber, isActive }) => ({ userId, role, name, badgeNumber, isActive }))
      problem.value = undefined
    }
    catch (error) {
      if (!(error instanceof DeskProblem)) throw error
      problem.value = error
    }
  }

  /** Says what was done; a refusal is shown, and the dialog stays open. */
  async function act(work: () => Promise<void>, said: string): Promise<boolean> {
    try {
      await work()
    }
    catch (error) {
      failed(error)
      return false
    }
    done(said)
    await load()
    return true
  }

  const post = (path: string, body?: unknown) => api.act('POST', `desk/staff/${path}`, body)
  return { people, problem, load, act, post, remove: (path: string) => api.act('DELETE', `desk/staff/${path}`) }
}

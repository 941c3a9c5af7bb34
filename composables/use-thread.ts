import { deskThreadSchema, threadStateSchema, type DeskThread } from '#shared/chat/thread-schema'
import { useDesk } from '~/composables/use-desk'
import { DeskProblem, useDeskApi } from '~/composables/use-desk-api'
import { useDeskToasts } from '~/composables/use-desk-toasts'

const pollMilliseconds = 8_000

/** One chat at the desk. Each opening is logged, so it is opened again only when something new came. */
export function useThread(id: () => string) {
  const { t } = useI18n()
  const api = useDeskApi()
  const { profile, refreshCounts } = useDesk()
  const { done, failed } = useDeskToasts()
  const opened = shallowRef<DeskThread>()
  const problem = ref<DeskProblem>()
  const isBusy = ref(false)

  async function load() {
    try {
      opened.value = await api.get(`desk/chat/threads/${id()}`, deskThreadSchema)
      problem.value = undefined
    }
    catch (error) {
      if (!(error instanceof DeskProblem)) throw error
      if (!opened.value) problem.value = error
    }
  }

  async function poll() {
    const now = opened.value
    if (!now || document.hidden || isBusy.value) return
    const { state, lastNumber, rating } = await api.poll(`desk/chat/threads/${id()}/state`, threadStateSchema).catch(() => ({ state: now.thread.state, lastNumber: 0, rating: now.thread.rating }))
    if (state !== now.thread.state || lastNumber > (now.messages.at(-1)?.number ?? 0) || rating !== now.thread.rating) await load()
  }

  /** Says what was done and reads the chat again; a refusal is shown. */
  async function act(path: string, body: object | undefined, said: string): Promise<boolean> {
    isBusy.value = true
    try {
      await api.act('POST', `desk/chat/threads/${id()}/${path}`, body)
      done(said)
      await Promise.all([load(), refreshCounts()])
      return true
    }
    catch (error) {
      failed(error)
      if (error instanceof DeskProblem && error.code === 'conflict') await load()
      return false
    }
    finally {
      isBusy.value = false
    }
  }

  let timer: ReturnType<typeof setInterval> | undefined
  onMounted(() => {
    watch(() => profile.value?.userId, someone => someone && load(), { immediate: true })
    timer = setInterval(() => void poll(), pollMilliseconds)
  })
  onBeforeUnmount(() => clearInterval(timer))

  return {
    opened, problem, isBusy, load,
    answer: (message: { id: string, text: string }) => act('answers', message, t('desk.chats.answered')),
    close: () => act('close', undefined, t('desk.chats.ended')),
    ban: (reason: string) => act('ban', { reason }, t('desk.ban.done')),
  }
}

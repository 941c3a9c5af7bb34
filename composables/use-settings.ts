import type { ZodType } from 'zod'
import { referenceDataSchema } from '#shared/communities/reference-data'
import { savedSettingSchema } from '#shared/communities/settings-schema'
import { useDesk } from '~/composables/use-desk'
import { DeskProblem, useDeskApi } from '~/composables/use-desk-api'
import { useDeskToasts } from '~/composables/use-desk-toasts'

/** A section of /desk/settings: reads it, saves with the errors of each field, and offers to take the change back. */
export function useSettings<Page>(path: string, schema: ZodType<Page>) {
  const { t } = useI18n()
  const api = useDeskApi()
  const { reference } = useDesk()
  const { done, failed } = useDeskToasts()
  const page = shallowRef<Page>()
  const problem = ref<DeskProblem>()
  const isBusy = ref(false)
  /** What is wrong, by the path of the field: `value.name.zh`. */
  const errors = ref<Record<string, string>>({})

  async function load() {
    try {
      page.value = await api.get(`desk/communities/settings/${path}`, schema)
      problem.value = undefined
    }
    catch (error) {
      if (!(error instanceof DeskProblem)) throw error
      problem.value = error
    }
  }

  /** The names that the rest of the desk shows follow what was saved. */
  async function reload() {
    await load()
    reference.value = await api.get('desk/reference', referenceDataSchema)
  }

  async function undo(change: string) {
    await api.post(`desk/communities/settings/changes/${change}/undo`, {}, savedSettingSchema)
    await reload()
    done(t('communities.settings.undone'))
  }

  /** True when it was saved. */
  async function save(body: unknown, to = path): Promise<boolean> {
    isBusy.value = true
    errors.value = {}
    try {
      const { change } = await api.post(`desk/communities/settings/${to}`, body, savedSettingSchema)
      await reload()
      done(change ? t('communities.settings.saved') : t('communities.settings.unchanged'), change ? () => undo(change) : undefined)
      return true
    }
    catch (error) {
      if (error instanceof DeskProblem) errors.value = error.fields
      failed(error)
      return false
    }
    finally {
      isBusy.value = false
    }
  }

  onMounted(load)
  return { page, problem, isBusy, errors, load, save, undo }
}

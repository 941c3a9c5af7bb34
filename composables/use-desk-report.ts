import type { Localised } from '#shared/communities/reference-data'
import { reportClocks } from '#shared/reports/clock'
import { assignAnswerSchema, deskReportSchema, fileAnswerSchema, mergeAnswerSchema, messageAnswerSchema, noteAnswerSchema, statusAnswerSchema, unmergeAnswerSchema, type DeskReport } from '#shared/reports/desk-schema'
import type { ClosedReason, Status } from '#shared/reports/status'
import type { LadderStep } from '#shared/revisits/revisit-schema'
import { takeSteps } from '#shared/revisits/take-steps'
import { useDesk } from '~/composables/use-desk'
import { DeskProblem, useDeskApi } from '~/composables/use-desk-api'
import { useDeskToasts } from '~/composables/use-desk-toasts'

/** The part of the view that an act changes; its heading takes the focus of the button that was pressed. */
export type DeskPart = 'actions' | 'thread' | 'notes' | 'summary' | 'revisits'

export interface StatusDraft { status: Status, closedReason?: ClosedReason, publicText: string, note?: string }

/**
 * One opened report and what can be done with it. What was done is put into the view; it is opened again only when a colleague
 * was faster, since each opening is logged and shown to the reporter.
 */
export function useDeskReport(reference: () => string, onChange: (report: DeskReport) => void, focusPart: (part: DeskPart) => void) {
  const api = useDeskApi()
  const { t } = useI18n()
  const { profile, say, refreshCounts } = useDesk()
  const { done, failed } = useDeskToasts()

  const opened = ref<DeskReport>()
  const problem = ref<DeskProblem>()
  const isBusy = ref(false)
  const path = (verb: string) => `desk/reports/${encodeURIComponent(reference())}/${verb}`

  async function open() {
    const wanted = reference()
    problem.value = undefined
    try {
      const answer = await api.get(`desk/reports/${encodeURIComponent(wanted)}`, deskReportSchema)
      if (wanted !== reference()) return
      opened.value = answer
      onChange(answer)
    }
    catch (error) {
      if (!(error instanceof DeskProblem)) throw error
      opened.value = undefined
      problem.value = error
    }
  }

  /** Runs one act; a conflict opens the report again, so that the officer sees what the colleague did. */
  async function act(part: DeskPart, run: (report: DeskReport) => Promise<void>): Promise<boolean> {
    if (!opened.value || isBusy.value) return false
    const pressed = document.activeElement
    isBusy.value = true
    let isDone = false
    try {
      await run(opened.value)
      onChange(opened.value)
      isDone = true
    }
    catch (error) {
      failed(error)
      if (error instanceof DeskProblem && (error.code === 'conflict' || error.code === 'status_order')) await open()
    }
    finally {
      isBusy.value = false
    }
    await nextTick()
    settle(part, isDone, pressed)
    return isDone
  }

  /** A busy button is disabled and drops the focus; a message that goes hands it to its list. Whoever has gone on to another control is left there. */
  function settle(part: DeskPart, isDone: boolean, pressed: Element | null) {
    const here = document.activeElement
    if (here !== pressed && here instanceof HTMLElement && here.tabIndex >= 0 && here !== document.body) return
    if (!isDone && pressed instanceof HTMLElement && pressed.isConnected && pressed !== document.body) pressed.focus()
    else focusPart(part)
  }

  function happened(kind: string, facts: Partial<DeskReport['timeline'][number]> = {}, change: Partial<DeskReport['report']> = {}) {
    if (!opened.value) return
    const at = new Date().toISOString()
    const report = { ...opened.value.report, firstViewedAt: opened.value.report.firstViewedAt ?? at, ...change, updatedAt: at }
    opened.value = {
      ...opened.value, report, clock: reportClocks(report, opened.value.now, opened.value.timeZone),
      timeline: [...opened.value.timeline, { at, kind, status: null, closedReason: null, role: profile.value?.role ?? '', actor: profile.value?.name ?? null, text: null, ...facts }],
    }
  }

  /** A visit that the act opened is owed from now on, and is shown at once. */
  function ladderMoved(steps: LadderStep[]) {
    if (!opened.value) return
    const before = opened.value.revisits.length
    opened.value.revisits = takeSteps(opened.value.revisits, steps)
    if (steps.length > before) happened('revisit_opened', { role: 'system', actor: null })
  }

  const changeStatus = ({ status, closedReason, publicText, note }: StatusDraft) => act('actions', async ({ report }) => {
    const answer = await api.post(path('status'), { status, fromStatus: report.status, closedReason, publicText, note }, statusAnswerSchema)
    const at = new Date().toISOString()
    happened('status', { status: answer.status, closedReason: closedReason ?? null, text: publicText }, {
      status: answer.status, version: answer.version, closedReason: closedReason ?? null,
      acceptedAt: status === 'closed' ? report.acceptedAt : report.acceptedAt ?? at, closedAt: status === 'closed' || status === 'resolved' ? at : null,
    })
    ladderMoved(answer.revisits)
    if (note && opened.value) opened.value.notes.push({ id: crypto.randomUUID(), at, name: profile.value?.name ?? { zh: '', en: '' }, text: note })
    done(t('desk.change.done', { status: t(`desk.status.${answer.status}`) }))
    void refreshCounts()
  })

  async function setAssignee(assignee: string | null) {
    const answer = await api.post(path('assign'), { assignee }, assignAnswerSchema)
    happened('assigned', {}, { assignedTo: answer.assignedTo })
    return answer
  }

  const tellAssigned = ({ assignee }: { assignee: Localised | null }, undo?: () => Promise<void>) => done(assignee ? t('desk.assign.done', { name: say(assignee) }) : t('desk.assign.released'), undo)

  const assign = (assignee: string | null) => act('actions', async ({ report }) => {
    const before = report.assignedTo
    const answer = await setAssignee(assignee)
    // Officers may take and give back only: what they took from somebody they cannot hand back.
    const mayUndo = before === null || before === profile.value?.userId || profile.value?.role !== 'officer'
    tellAssigned(answer, mayUndo ? async () => { await act('actions', async () => { tellAssigned(await setAssignee(before)) }) } : undefined)
    void refreshCounts()
  })

  const write = (id: string, text: string, file?: File) => act('thread', async (report) => {
    const answer = file ? await sendFile(id, text, file, report) : await api.post(path('messages'), { id, text }, messageAnswerSchema)
    report.messages.push({ id: answer.id, at: answer.at, author: 'staff', name: profile.value?.name ?? null, text, readAt: null })
    happened('message')
    done(t('desk.thread.sent'))
  })

  async function sendFile(id: string, text: string, file: File, report: DeskReport) {
    const form = new FormData()
    for (const [name, value] of Object.entries({ id, text, file })) form.set(name, value)
    const answer = await api.post(path('attachments'), form, fileAnswerSchema)
    report.attachments.push(answer.attachment)
    happened('evidence')
    return answer
  }

  const addNote = (text: string) => act('notes', async (report) => {
    const { at } = await api.post(path('notes'), { text }, noteAnswerSchema)
    report.notes.push({ id: crypto.randomUUID(), at, name: profile.value?.name ?? { zh: '', en: '' }, text })
    done(t('desk.notes.added'))
  })

  const summarise = (summary: string) => act('summary', async ({ report }) => {
    await api.act('POST', path('summary'), { summary })
    report.summary = summary.trim() || null
    done(t('desk.summary.saved'))
  })

  const unmerge = () => act('actions', async ({ report }) => {
    const { revisits } = await api.post(path('unmerge'), {}, unmergeAnswerSchema)
    happened('status', { status: 'triaged' }, { status: 'triaged', closedReason: null, mergedInto: null, closedAt: null, acceptedAt: report.acceptedAt ?? new Date().toISOString() })
    ladderMoved(revisits)
    done(t('desk.merge.undone'))
  })

  const merge = (into: string) => act('actions', async () => {
    const answer = await api.post(path('merge'), { into }, mergeAnswerSchema)
    happened('merged', { status: 'closed', closedReason: 'duplicate' }, { status: 'closed', closedReason: 'duplicate', mergedInto: answer.into, closedAt: new Date().toISOString() })
    done(t('desk.merge.done', { reference: answer.into }), async () => { await unmerge() })
    void refreshCounts()
  })

  const release = () => act('actions', async () => {
    await api.act('POST', path('release'))
    happened('released', {}, { isHidden: false, isUnverified: false })
    done(t('desk.release.done'))
  })

  const ban = (reason: string) => act('actions', async () => {
    await api.act('POST', path('ban'), { reason })
    done(t('desk.ban.done'))
  })

  onMounted(open)
  watch(reference, () => {
    opened.value = undefined
    void open()
  })

  return { opened, problem, isBusy, open, act, happened, changeStatus, assign, write, addNote, summarise, merge, unmerge, release, ban }
}

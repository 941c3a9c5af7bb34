import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { repositoryFolders } from '../../supabase/embedded/migrate.ts'
import { type TestBackend, startTestBackend } from '../../supabase/embedded/test-backend.ts'

const files = ['010-categories.sql', '011-category-questions.sql', '020-response-templates.sql', '040-alert-events.sql', '050-alert-templates.sql']
let backend: TestBackend

beforeAll(async () => {
  backend = await startTestBackend()
})
afterAll(() => backend.stop())

const run = async (file: string) => backend.sql.unsafe(await readFile(join(repositoryFolders.seeds, file), 'utf8'))

describe('reference data (RULES F2)', () => {
  it.each(files)('%s changes nothing when it runs again', async (file) => {
    expect((await run(file)).count).toBe(0)
  })

  it('keeps what a station added, decided, changed or removed at its desk', async () => {
    const { sql } = backend
    const text = sql.json({ zh: '站内自设', en: 'Our own' })
    await sql`insert into public.categories (code, "group", visibility, urgency, name, description, guidance, retention_days) values ('own_kind', 'other', 'private', 'normal', ${text}, ${text}, ${text}, 90)`
    await sql`insert into public.category_questions (category_code, code, kind, label) values ('theft', 'own_question', 'text', ${text})`
    await sql`insert into public.response_templates (slug, status, name, body) values ('our-own', 'triaged', ${text}, ${text})`
    await sql`update public.categories set is_active = false, retention_days = 60, position = 7, name = ${text} where code = 'rental'`
    await sql`update public.category_questions set label = ${text} where category_code = 'theft' and code = 'things'`
    await sql`delete from public.category_questions where category_code = 'theft' and code = 'stolen_from'`
    await sql`update public.response_templates set body = ${text} where slug = 'received-thanks'`
    await sql`delete from public.response_templates where slug = 'triaged-accepted'`
    for (const file of files) expect((await run(file)).count, file).toBe(0)

    expect(await sql`select code from public.categories where code = 'own_kind' and name = ${text}`).toHaveLength(1)
    expect(await sql`select code from public.category_questions where code = 'own_question'`).toHaveLength(1)
    expect(await sql`select slug from public.response_templates where slug = 'our-own'`).toHaveLength(1)
    expect((await sql`select is_active, retention_days, position, name ->> 'zh' as name from public.categories where code = 'rental'`)[0]).toEqual({ is_active: false, retention_days: 60, position: 7, name: '站内自设' })
    expect(await sql`select code from public.category_questions where category_code = 'theft' and (code = 'stolen_from' or (code = 'things' and label <> ${text}))`).toEqual([])
    expect(await sql`select slug from public.response_templates where slug = 'triaged-accepted' or (slug = 'received-thanks' and body <> ${text})`).toEqual([])
  })

  it('brings a new version of what the station left alone, and no new version of what it changed', async () => {
    const { sql } = backend
    const next = (await readFile(join(repositoryFolders.seeds, '010-categories.sql'), 'utf8')).replaceAll('盗窃、入室行窃', '盗窃（新版）').replaceAll('出租房、旅馆、日租房', '出租房（新版）')

    expect(await sql.unsafe(next)).toEqual([{ shipped: 'theft' }])

    const names = await sql<{ code: string, name: string }[]>`select code, name ->> 'zh' as name from public.categories where code in ('theft', 'rental') order by code`
    expect(names).toEqual([{ code: 'rental', name: '站内自设' }, { code: 'theft', name: '盗窃（新版）' }])
    expect(await run('010-categories.sql')).toEqual([{ shipped: 'theft' }])
    expect((await sql`select name ->> 'zh' as name from public.categories where code = 'rental'`)[0]).toEqual({ name: '站内自设' })
  })

  it('offers sentences for every state and reason that the desk may choose', async () => {
    const general = await backend.sql<{ key: string }[]>`select distinct concat_ws(':', status, closed_reason) as key from public.response_templates where category_code is null`
    expect(general.map(({ key }) => key)).toEqual(expect.arrayContaining(['received', 'triaged', 'in_progress', 'resolved', 'message', 'closed:no_further_action', 'closed:referred', 'closed:unfounded', 'closed:spam', 'closed:duplicate', 'closed:withdrawn']))
    expect(await backend.sql`select slug from public.response_templates where (status = 'closed') <> (closed_reason is not null)`).toEqual([])
  })

  it('keeps drafts of violence at home and of children off the device, and shows neighbours only things and places (RULES B6)', async () => {
    const codes = async (condition: string) => (await backend.sql.unsafe<{ code: string }[]>(`select code from public.categories where ${condition} order by code`)).map(({ code }) => code)
    expect(await codes('not allows_device_draft')).toEqual(['domestic_violence', 'minors'])
    expect(await codes('visibility = \'public\'')).toEqual(['fire_hazard', 'traffic'])
    expect(await codes('is_about_police')).toEqual(['about_police'])
  })

  it('gives each category two to five questions, and guidance in three lines in both languages', async () => {
    const rows = await backend.sql`
      select code, (select count(*)::int from public.category_questions q where q.category_code = c.code and q.code <> 'own_question') as questions,
        array_length(string_to_array(guidance ->> 'zh', E'\n'), 1) as zh, array_length(string_to_array(guidance ->> 'en', E'\n'), 1) as en
      from public.categories c where code <> 'own_kind'`
    for (const row of rows) {
      expect(row.questions, row.code).toSatisfy((count: number) => count >= 2 && count <= 5)
      expect([row.zh, row.en], row.code).toEqual([3, 3])
    }
  })
})

-- Purpose: how long each kind of record is kept, as data; what a run would take; what may hold a report back.
-- Risk: none for data, new objects. The list of log entries also hides what is told of a report that is gone from whom it named.

create table private.retention_rules (
  kind public.code_name primary key,
  position integer not null unique,
  job public.job_name,
  -- term: a span; category: each kind of matter has its own (categories.retention_days); owner: with its account; never: no end.
  ends text not null check (ends in ('term', 'category', 'owner', 'never')),
  keep_for interval,
  least interval,
  most interval,
  name jsonb not null check (name ?& array['zh', 'en']),
  happens jsonb not null check (happens ?& array['zh', 'en']),
  ground jsonb not null check (ground ?& array['zh', 'en']),
  check ((ends = 'term') = (keep_for is not null)),
  check ((least is null) = (most is null) and (least is null or (keep_for is not null and keep_for between least and most)))
);
comment on table private.retention_rules is 'What is kept how long, what happens then, and why so long. Without `least` and `most` the term lies in the code and is listed here to be read; a test compares both.';
comment on column private.retention_rules.job is 'Which job takes it; null where nothing does.';
alter table private.retention_rules enable row level security;

insert into private.retention_rules (kind, position, job, ends, keep_for, least, most, name, happens, ground) values
  ('reports', 10, 'reports:retain', 'category', null, null, null,
    '{"zh": "报告（内容、来信、附件、联系方式）", "en": "Reports: text, letters, files, contact"}',
    '{"zh": "办结后按事项种类的期限计算，期满全部删除，只留一条“曾有此报告”的记录", "en": "Counted from closing, by the kind of matter; then all of it is deleted, and one row says that it existed"}',
    '{"zh": "办理和复查需要；保存期限为实现目的所必要的最短时间（个人信息保护法第十九条）", "en": "Needed to handle and re-check the matter; no longer than the purpose asks (PIPL art. 19)"}'),
  ('detached', 20, 'reports:retain', 'category', null, null, null,
    '{"zh": "已注销账号留下的报告", "en": "Reports that an erased account left"}',
    '{"zh": "已与本人脱离，内容按同样期限删除", "en": "No longer tied to the person; the text goes after the same time"}',
    '{"zh": "案件记录属于派出所的办理档案", "en": "The text is the station''s record of the matter"}'),
  ('bans', 30, 'reports:retain', 'term', '365 days', '30 days', '1825 days',
    '{"zh": "已解除的屏蔽", "en": "Bans that were lifted"}', '{"zh": "解除后计算，期满删除；仍有效的不删", "en": "Counted from lifting, then deleted; those in force stay"}',
    '{"zh": "便于复核屏蔽是否得当", "en": "So that it can be reviewed whether the ban was right"}'),
  ('verification_batches', 40, 'reports:retain', 'term', '365 days', '30 days', '1825 days',
    '{"zh": "居民核验纸条的批次", "en": "Batches of slips for residents"}', '{"zh": "到期后计算，期满删除", "en": "Counted from the last day they were good, then deleted"}',
    '{"zh": "便于查核发放数量", "en": "So that the number given out can be checked"}'),
  ('confirmation_codes', 50, 'reports:retain', 'term', '10 minutes', null, null,
    '{"zh": "当面核验的号码", "en": "Numbers shown to an officer"}', '{"zh": "失效后当天删除", "en": "Deleted within a day after they ended"}', '{"zh": "用过即无用", "en": "Of no use afterwards"}'),
  ('seal_checks', 60, 'reports:retain', 'term', '1095 days', '365 days', '3650 days',
    '{"zh": "封存校验的结果", "en": "Results of checking the chain"}', '{"zh": "期满删除；日志里的结论保留", "en": "Deleted; the result in the log stays"}', '{"zh": "审计需要（个人信息保护法第五十四条）", "en": "Needed for audits (PIPL art. 54)"}'),
  ('mails_settled', 70, 'messages:purge', 'term', '30 days', '7 days', '90 days',
    '{"zh": "已发出或取消的邮件（不含内容）", "en": "Mails sent or cancelled (no words in them)"}', '{"zh": "期满删除", "en": "Deleted"}', '{"zh": "便于回答“发出去了吗”", "en": "To answer “did it go out?”"}'),
  ('mails_dead', 80, 'messages:purge', 'term', '90 days', '30 days', '365 days',
    '{"zh": "没能送达的邮件", "en": "Mails that never got through"}', '{"zh": "期满删除", "en": "Deleted"}', '{"zh": "便于查明原因后重发", "en": "So that they can be sent again once the cause is found"}'),
  ('drafts', 90, 'reports:purge', 'term', '2 hours', null, null,
    '{"zh": "没有发出的草稿和其中的附件", "en": "Drafts that were not sent, with their files"}', '{"zh": "最后一次保存后计算，删除", "en": "Counted from the last save, then deleted"}', '{"zh": "只为填完这一份", "en": "Only to finish this one form"}'),
  ('view_sessions', 100, 'reports:purge', 'term', '12 hours', null, null,
    '{"zh": "凭回执打开的查看", "en": "Views opened by a receipt"}', '{"zh": "最后一次查看三十分钟后失效，最长十二小时，随后删除", "en": "End thirty minutes after the last look, twelve hours at most, then deleted"}', '{"zh": "公用电脑上不留后路", "en": "A shared computer leaves nothing open"}'),
  ('idempotency_keys', 110, 'reports:purge', 'term', '24 hours', null, null,
    '{"zh": "防止重复提交的指纹", "en": "Fingerprints against sending twice"}', '{"zh": "删除", "en": "Deleted"}', '{"zh": "断线重发时只收一份", "en": "One report, also when a line broke"}'),
  ('challenges', 120, 'reports:purge', 'term', '20 minutes', null, null,
    '{"zh": "用过的计算题", "en": "Solved puzzles"}', '{"zh": "删除", "en": "Deleted"}', '{"zh": "每题只用一次", "en": "Each counts once"}'),
  ('rate_windows', 130, 'reports:purge', 'term', '2 hours', null, null,
    '{"zh": "按网络地址指纹的次数", "en": "Counts by a fingerprint of the network address"}', '{"zh": "删除", "en": "Deleted"}', '{"zh": "防止刷量；密钥每小时更换", "en": "Against flooding; the key changes each hour"}'),
  ('orphan_files', 140, 'reports:sweep', 'term', '24 hours', null, null,
    '{"zh": "不属于任何草稿或报告的文件", "en": "Files that belong to no draft and no report"}', '{"zh": "每天清理一次", "en": "Swept once a day"}', '{"zh": "中断时留下的残余", "en": "Left over from a crash"}'),
  ('accounts', 150, 'accounts:erase', 'owner', null, null, null,
    '{"zh": "账号、同意记录、核验、邮件设置", "en": "Accounts, consents, verification, mail settings"}', '{"zh": "本人注销时删除", "en": "Deleted when their owner erases the account"}', '{"zh": "本人决定（个人信息保护法第四十七条）", "en": "The owner decides (PIPL art. 47)"}'),
  ('audit_log', 160, null, 'never', null, null, null,
    '{"zh": "操作日志和封存链（不含内容，不含居民姓名）", "en": "The log and the chain (no texts, no residents'' names)"}', '{"zh": "一直保存，只增不改", "en": "Kept; only ever added to"}', '{"zh": "事后能证明谁看过、做过什么", "en": "So that it can be proved who looked and who did what"}');

create table private.retention_changes (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  kind public.code_name not null references private.retention_rules (kind) on delete cascade,
  category_code text references public.categories (code) on delete cascade,
  from_days integer not null,
  to_days integer not null,
  changed_by uuid not null references public.staff (user_id) on delete restrict,
  check ((kind = 'reports') = (category_code is not null))
);
comment on table private.retention_changes is 'Each change of a term. A shorter one holds for reports that come after it: nobody makes evidence go by a setting.';
create index retention_changes_by_category on private.retention_changes (category_code, at) where category_code is not null;
alter table private.retention_changes enable row level security;

create table private.report_holds (
  id uuid primary key default gen_random_uuid(),
  report_id uuid not null references public.reports (id) on delete restrict,
  reason text not null check (char_length(reason) between 10 and 500),
  placed_at timestamptz not null,
  placed_by uuid not null references public.staff (user_id) on delete restrict,
  lifted_at timestamptz,
  lifted_by uuid references public.staff (user_id) on delete restrict,
  check ((lifted_at is null) = (lifted_by is null))
);
comment on table private.report_holds is 'Reports that must not go although their time is over: a court, a complaint, an inquiry.';
create unique index report_holds_in_force on private.report_holds (report_id) where lifted_at is null;
create index report_holds_by_report on private.report_holds (report_id);
alter table private.report_holds enable row level security;

create table private.erased_about_staff (
  report_id uuid not null,
  staff_id uuid not null references public.staff (user_id) on delete cascade,
  primary key (report_id, staff_id)
);
comment on table private.erased_about_staff is 'Whom a report about the police named, once the report is gone: its rows of the log stay hidden from them (RULES A6).';
create index erased_about_staff_by_staff on private.erased_about_staff (staff_id);
alter table private.erased_about_staff enable row level security;

create index reports_closed on public.reports (closed_at) where closed_at is not null;
create index audit_log_retained on public.audit_log (id desc) where action = 'retention.ran';

create function private.kept_for(p_kind text) returns interval
language sql stable set search_path = '' as $$
  select r.keep_for from private.retention_rules r where r.kind = p_kind;
$$;

create function private.kept_days(p_report public.reports) returns integer
language sql stable set search_path = '' as $$
  select greatest(c.retention_days, (select max(x.from_days) from private.retention_changes x where x.category_code = p_report.category_code and x.at > p_report.received_at))
  from public.categories c where c.code = p_report.category_code;
$$;

-- Why a report whose time is over stays all the same; null when nothing holds it. In plpgsql, since the table of revisits comes later.
create function private.held_by(p_report public.reports) returns text
language plpgsql stable set search_path = '' as $$
begin
  return case
    when exists (select from private.report_holds h where h.report_id = p_report.id and h.lifted_at is null) then 'hold'
    when exists (select from private.reveals v where v.report_id = p_report.id and (private.is_reveal_waiting(v) or v.expires_at > private.clock())) then 'reveal'
    when exists (select from public.revisits v where v.report_id = p_report.id and v.answer is null and v.stopped_at is null
      and (v.no_reply_at is null or v.no_reply_at + interval '90 days' > private.clock())) then 'revisit'
    -- Duplicates go before the report that they point to.
    when exists (select from public.reports m where m.merged_into = p_report.id) then 'merged'
  end;
end;
$$;

-- Closed reports whose time is over. The shortest term there is lets the index by closed_at do the first cut.
create function private.over_reports() returns setof public.reports
language sql stable set search_path = '' as $$
  select r.* from public.reports r
  where r.closed_at <= private.clock() - make_interval(days => (select min(c.retention_days) from public.categories c))
    and r.closed_at + make_interval(days => private.kept_days(r)) <= private.clock();
$$;

/*
  What the next run of each job would take. p_staff: only reports that this member of staff may know of, else all.
  → {reports: {category: count}, detached, files, held: {why: count}, bans, verification_batches, confirmation_codes, seal_checks, mails_settled, mails_dead, drafts, …}
*/
create function private.foresee_retention(p_staff public.staff) returns jsonb
language sql stable set search_path = '' as $$
  with over as (
    select r.id, r.category_code, r.nonce is null as is_detached, private.held_by(r) as why,
      (select coalesce(sum(num_nonnulls(a.original_blob, a.view_blob)), 0) from public.report_attachments a where a.report_id = r.id) as files
    from private.over_reports() r
    where p_staff.user_id is null or (r.station_id = p_staff.station_id and not p_staff.user_id = any (r.about_staff))
  )
  select jsonb_build_object(
    'reports', coalesce((select jsonb_object_agg(t.category_code, t.n) from (select o.category_code, count(*) as n from over o where o.why is null group by 1) t), '{}'::jsonb),
    'detached', (select count(*) from over o where o.why is null and o.is_detached),
    'files', (select coalesce(sum(o.files), 0)::bigint from over o where o.why is null),
    'held', coalesce((select jsonb_object_agg(t.why, t.n) from (select o.why, count(*) as n from over o where o.why is not null group by 1) t), '{}'::jsonb),
    'bans', (select count(*) from public.bans b where b.lifted_at < private.clock() - private.kept_for('bans')),
    'verification_batches', (select count(*) from private.verification_batches b where b.expires_at < private.clock() - private.kept_for('verification_batches')),
    'confirmation_codes', (select count(*) from private.confirmation_codes c where c.expires_at < private.clock()),
    'seal_checks', (select count(*) from private.seal_checks c where c.started_at < private.clock() - private.kept_for('seal_checks')),
    'mails_settled', (select count(*) from public.outbox o where o.status <> 'dead' and o.settled_at < private.clock() - private.kept_for('mails_settled')),
    'mails_dead', (select count(*) from public.outbox o where o.status = 'dead' and o.settled_at < private.clock() - private.kept_for('mails_dead')),
    'drafts', (select count(*) from private.report_drafts d where d.expires_at <= now()),
    'view_sessions', (select count(*) from private.view_sessions v where v.expires_at <= now()),
    'idempotency_keys', (select count(*) from private.idempotency_keys k where k.created_at < now() - private.kept_for('idempotency_keys')),
    'challenges', (select count(*) from private.spent_challenges c where c.expires_at <= now()),
    'rate_windows', (select count(*) from private.rate_windows w where w.started_at < now() - private.kept_for('rate_windows')),
    'accounts', (select count(*) from private.account_erasures));
$$;

create function public.foresee_retention() returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('ok', true, 'foreseen', private.foresee_retention(null::public.staff));
$$;
comment on function public.foresee_retention() is 'For a run that changes nothing. Definer: these tables are private.';
revoke all on function public.foresee_retention() from public;
grant execute on function public.foresee_retention() to service_role;

create function private.rule_facts() returns jsonb
language sql stable set search_path = '' as $$
  select jsonb_agg(jsonb_build_object('kind', r.kind, 'job', r.job, 'ends', r.ends, 'keep_seconds', extract(epoch from r.keep_for)::bigint,
    'least_days', extract(day from r.least)::integer, 'most_days', extract(day from r.most)::integer, 'name', r.name, 'happens', r.happens, 'ground', r.ground) order by r.position)
  from private.retention_rules r;
$$;

create function public.list_retention_rules() returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('ok', true, 'rules', private.rule_facts());
$$;
comment on function public.list_retention_rules() is 'What the privacy page promises. Definer: the table is private.';
revoke all on function public.list_retention_rules() from public;
grant execute on function public.list_retention_rules() to service_role;

create or replace function private.may_read_log(p_report uuid, p_staff uuid) returns boolean
language sql stable security definer set search_path = '' as $$
  select not exists (select from public.reports r where r.id = p_report and r.is_about_police and p_staff = any (r.about_staff))
    and not exists (select from private.erased_about_staff e where e.report_id = p_report and e.staff_id = p_staff);
$$;

-- As in 20261121000800, and what is told of a report that is gone stays hidden from whom it named (RULES A6).
create or replace function public.list_audit_log(p jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_limit integer := least(greatest(coalesce((p ->> 'limit')::integer, 50), 1), 200);
  v_rows jsonb;
begin
  if v_staff.user_id is null or v_staff.role not in ('auditor', 'chief') then
    return private.refuse('forbidden');
  end if;
  select coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'at', t.at, 'actor', s.name, 'actor_role', t.actor_role, 'action', t.action, 'noun', t.noun,
      'reference', r.reference, 'details', (t.details - '{into,ban,attachment}'::text[])
        || jsonb_strip_nulls(jsonb_build_object('into', o.reference, 'ban', b.reference))) order by t.id desc), '[]'::jsonb) into v_rows
  from (
    select l.* from public.audit_log l
    where l.station_id = v_staff.station_id
      and (p ->> 'cursor' is null or l.id < (p ->> 'cursor')::bigint)
      and (p ->> 'action' is null or l.action = p ->> 'action')
      and (p ->> 'actor' is null or l.actor_id = (p ->> 'actor')::uuid)
      and (p ->> 'from' is null or l.at >= (p ->> 'from')::timestamptz)
      and (p ->> 'to' is null or l.at < (p ->> 'to')::timestamptz)
      and (p ->> 'reference' is null or l.noun_id = (select q.id from public.reports q where q.reference = upper(p ->> 'reference')))
      -- RULES A6: what was done with a report about the police stays hidden from whoever it names.
      and not exists (select from public.reports q where q.id = l.noun_id and q.is_about_police and v_staff.user_id = any (q.about_staff))
      and not exists (select from private.erased_about_staff e where e.report_id = l.noun_id and e.staff_id = v_staff.user_id)
    order by l.id desc limit v_limit + 1
  ) t
  left join public.staff s on s.user_id = t.actor_id
  left join public.reports r on r.id = t.noun_id
  -- Readers know reports by their reference, not by their id.
  left join public.reports o on o.id = (t.details ->> 'into')::uuid and not (o.is_about_police and v_staff.user_id = any (o.about_staff))
  left join (select n.id, q.reference from public.bans n join public.reports q on q.id = n.report_id and not (q.is_about_police and v_staff.user_id = any (q.about_staff))) b
    on b.id = (t.details ->> 'ban')::uuid;
  return jsonb_build_object('ok', true,
    'entries', case when jsonb_array_length(v_rows) > v_limit then v_rows - v_limit else v_rows end,
    'next_cursor', case when jsonb_array_length(v_rows) > v_limit then v_rows -> (v_limit - 1) -> 'id' end);
end;
$$;

-- Purpose: the audit log (append-only) and the outbox (written here, delivered by workers in 2 of 7).
-- Risk: none, new objects.

create table public.audit_log (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  station_id uuid references public.stations (id) on delete restrict,
  actor_id uuid,
  actor_role public.actor_role not null,
  action public.dotted_name not null,
  noun text not null,
  noun_id uuid,
  details jsonb not null default '{}'::jsonb
);
comment on table public.audit_log is 'Who did what and when. Rows are only ever added. `details` holds codes and ids, never texts of residents.';
create index audit_log_by_station on public.audit_log (station_id, id desc);
create index audit_log_by_noun on public.audit_log (noun_id, id) where noun_id is not null;

create function private.refuse_change() returns trigger
language plpgsql set search_path = '' as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'PT403', detail = 'append_only';
end;
$$;
comment on function private.refuse_change() is 'Trigger of append-only tables: holds for their owner too.';

create trigger audit_log_is_append_only before update or delete on public.audit_log for each row execute function private.refuse_change();
create trigger audit_log_is_never_emptied before truncate on public.audit_log for each statement execute function private.refuse_change();

alter table public.audit_log enable row level security;
-- RULES A6: a report about the police is hidden from whoever it names, and so is what was done with it. Its body comes with the
-- table of reports (20261121000600).
create function private.may_read_log(p_report uuid, p_staff uuid) returns boolean
language sql stable security definer set search_path = '' as $$
  select true;
$$;
comment on function private.may_read_log(uuid, uuid) is 'Definer: the reader of the log may not see the report itself.';
revoke all on function private.may_read_log(uuid, uuid) from public;
grant execute on function private.may_read_log(uuid, uuid) to authenticated;

create policy "auditors and chiefs read their station's log" on public.audit_log for select to authenticated
  using (station_id = (select private.my_station()) and (select (private.staff_actor()).role) in ('auditor', 'chief')
    and (noun <> 'reports' or noun_id is null or private.may_read_log(noun_id, (select (private.staff_actor()).user_id))));
grant select on public.audit_log to authenticated, service_role;

create function private.log(p_station uuid, p_actor uuid, p_role text, p_action text, p_noun text, p_noun_id uuid, p_details jsonb default '{}'::jsonb, p_at timestamptz default private.clock()) returns void
language plpgsql volatile set search_path = '' as $$
begin
  insert into public.audit_log (at, station_id, actor_id, actor_role, action, noun, noun_id, details)
  values (p_at, p_station, p_actor, p_role, p_action, p_noun, p_noun_id, coalesce(p_details, '{}'::jsonb));
end;
$$;

create table public.outbox (
  id bigint generated always as identity primary key,
  created_at timestamptz not null default now(),
  channel public.delivery_channel not null,
  template public.dotted_name not null,
  noun text not null,
  noun_id uuid,
  recipient_id uuid references auth.users (id) on delete cascade,
  recipient_sealed public.sealed_text,
  params_sealed public.sealed_text,
  locale public.locale_code not null,
  status public.delivery_status not null default 'queued',
  attempts integer not null default 0 check (attempts >= 0),
  send_after timestamptz not null default now(),
  check (num_nonnulls(recipient_id, recipient_sealed) = 1)
);
comment on table public.outbox is 'Messages to send (RULES H1): template, noun and recipient. What is said is resolved when it is sent.';
create index outbox_due on public.outbox (send_after, id) where status = 'queued';
create index outbox_by_recipient on public.outbox (recipient_id) where recipient_id is not null;
alter table public.outbox enable row level security;
grant select on public.outbox to service_role;

-- Purpose: what somebody wants to be mailed, per account, or per report where the address is sealed. Set through a link in the mail.
-- Risk: none, new objects.

create domain public.mail_level as text check (value in ('all', 'important', 'none'));

create table private.mail_settings (
  id bigint generated always as identity primary key,
  user_id uuid unique references auth.users (id) on delete cascade,
  report_id uuid unique references public.reports (id) on delete cascade,
  level public.mail_level not null default 'all',
  quiet_from time not null default '22:00',
  quiet_to time not null default '07:00',
  updated_at timestamptz not null,
  check (num_nonnulls(user_id, report_id) = 1)
);
comment on table private.mail_settings is 'Which mails an account wants, or whoever filed a report with a sealed address. No row: all, quiet from 22:00 to 07:00. quiet_from = quiet_to: never quiet. Times of the station.';
alter table private.mail_settings enable row level security;

-- Whom a link in a mail speaks of; the portal seals the link. p: user | report → {ok, reference, level, quiet_from, quiet_to}
create function public.get_mail_settings(p jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_user uuid := (p ->> 'user')::uuid;
  v_report uuid := (p ->> 'report')::uuid;
  v_settings private.mail_settings;
begin
  if not exists (select from auth.users u where u.id = v_user) and not exists (select from public.reports r where r.id = v_report) then
    return private.refuse('not_found');
  end if;
  select m.* into v_settings from private.mail_settings m where m.user_id = v_user or m.report_id = v_report;
  return jsonb_build_object('ok', true, 'reference', (select r.reference from public.reports r where r.id = v_report), 'level', coalesce(v_settings.level, 'all'),
    'quiet_from', to_char(coalesce(v_settings.quiet_from, '22:00'), 'HH24:MI'), 'quiet_to', to_char(coalesce(v_settings.quiet_to, '07:00'), 'HH24:MI'));
end;
$$;
comment on function public.get_mail_settings(jsonb) is 'Definer: the table is private.';
revoke all on function public.get_mail_settings(jsonb) from public;
grant execute on function public.get_mail_settings(jsonb) to service_role;

-- p: user | report, level, quiet_from?, quiet_to? (HH:MM; without them they stay as they are)
create function public.save_mail_settings(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_user uuid := (p ->> 'user')::uuid;
  v_report uuid := (p ->> 'report')::uuid;
begin
  if num_nonnulls(v_user, v_report) <> 1
    or coalesce(p ->> 'level', '') not in ('all', 'important', 'none')
    or not coalesce(p ->> 'quiet_from', '00:00') ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$' or not coalesce(p ->> 'quiet_to', '00:00') ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$' then
    return private.refuse('invalid_input');
  end if;
  if not exists (select from auth.users u where u.id = v_user) and not exists (select from public.reports r where r.id = v_report) then
    return private.refuse('not_found');
  end if;
  insert into private.mail_settings as m (user_id, report_id, level, quiet_from, quiet_to, updated_at)
  values (v_user, v_report, p ->> 'level', coalesce((p ->> 'quiet_from')::time, '22:00'), coalesce((p ->> 'quiet_to')::time, '07:00'), private.clock())
  on conflict do nothing;
  if not found then
    update private.mail_settings m set level = p ->> 'level', quiet_from = coalesce((p ->> 'quiet_from')::time, m.quiet_from),
      quiet_to = coalesce((p ->> 'quiet_to')::time, m.quiet_to), updated_at = private.clock()
    where m.user_id = v_user or m.report_id = v_report;
  end if;
  return '{"ok": true}'::jsonb;
end;
$$;
comment on function public.save_mail_settings(jsonb) is 'Definer: the table is private.';
revoke all on function public.save_mail_settings(jsonb) from public;
grant execute on function public.save_mail_settings(jsonb) to service_role;

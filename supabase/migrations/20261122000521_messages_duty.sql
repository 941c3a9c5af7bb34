-- Purpose: mails that are part of staff's duties reach them whatever they chose for their own mails; the page of settings knows whom it speaks to.
-- Risk: low. Members of staff who switched mails off get those of their duties again.

-- Mails to staff about what they owe. The portal's weight "duty" (server/outbox/messages) is of the same templates.
create function private.is_duty_mail(p_template text) returns boolean
language sql immutable set search_path = '' as $$
  select p_template in ('revisits.overdue', 'revisits.climbed');
$$;
revoke all on function private.is_duty_mail(text) from public;

create or replace function private.keep_mail_refused() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  if not private.is_duty_mail(new.template) and (select c.is_given from private.consents c
      where c.user_id = coalesce(new.recipient_id, (select r.owner_id from public.reports r where r.id = new.noun_id))
        and c.purpose = 'contact_mail' order by c.id desc limit 1) is false then
    return null;
  end if;
  return new;
end;
$$;
comment on function private.keep_mail_refused() is 'Trigger: no mail to an account that refused mails, but those of a duty. Definer: consents are private.';

-- Whom a link in a mail speaks of; the portal seals the link. p: user | report → {ok, reference, level, quiet_from, quiet_to, has_duty}
create or replace function public.get_mail_settings(p jsonb) returns jsonb
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
    'quiet_from', to_char(coalesce(v_settings.quiet_from, '22:00'), 'HH24:MI'), 'quiet_to', to_char(coalesce(v_settings.quiet_to, '07:00'), 'HH24:MI'),
    'has_duty', exists (select from public.staff s where s.user_id = v_user and s.is_active));
end;
$$;
